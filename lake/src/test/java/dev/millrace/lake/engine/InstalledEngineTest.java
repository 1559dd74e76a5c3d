package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that looking at the engine tells extensions that load from those that are missing or refused, and fetches nothing. */
class InstalledEngineTest {
    private static final String NAME = "sqlite_scanner";

    @TempDir
    private Path folder;

    @BeforeAll
    static void fillTheStandardCache() throws SQLException {
        new NativeLibrary(EngineCache.standard()).prepare();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            new EngineExtensions(EngineCache.standard(), notice -> {}).load(connection, List.of(NAME));
        }
    }

    @Test
    void anExtensionThatLoadsHasItsVersion() {
        InstalledEngine engine = InstalledEngine.look(EngineCache.standard(), List.of(NAME));

        assertThat(engine.driverVersion()).startsWith(engine.engineVersion().substring(1) + ".");
        assertThat(engine.extensions()).singleElement().satisfies(extension -> {
            assertThat(extension.version()).isPresent();
            assertThat(extension.isMissing()).isFalse();
        });
    }

    @Test
    void oneThatIsMissingIsNotFetched() throws SQLException {
        InstalledEngine.Extension extension = look();

        assertThat(extension.isMissing()).isTrue();
        assertThat(extension.file()).startsWithRaw(folder).doesNotExist();
    }

    @Test
    void oneThatDoesNotLoadSaysWhy() throws SQLException, IOException {
        Path file = look().file();
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no extension");

        assertThat(look().refusal().orElseThrow()).contains(file.toString());
    }

    private InstalledEngine.Extension look() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            return InstalledEngine.look(connection, new EngineCache(folder), List.of(NAME))
                    .extensions()
                    .get(0);
        }
    }
}
