package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the Python package index really has the engine's extensions, whole and loadable, and what it says of others. */
@Tag("slow")
class PythonWheelsTest {
    private static final String NAME = "sqlite_scanner";

    @TempDir
    private Path folder;

    @BeforeAll
    static void prepareTheEngine() {
        new NativeLibrary(EngineCache.standard()).prepare();
    }

    @Test
    void twoThatFetchIntoAnEmptyCacheAtOnceBothLoad() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Callable<Void> load = () -> {
                try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
                    new EngineExtensions(
                                    new EngineCache(folder),
                                    List.of(new PythonWheels(Duration.ofMinutes(2))),
                                    notice -> {})
                            .load(connection, List.of(NAME));
                }
                return null;
            };
            for (Future<Void> done : executor.invokeAll(List.of(load, load))) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(folder).isDirectoryRecursivelyContaining("glob:**/" + NAME + ".duckdb_extension");
        assertThat(folder)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("."));
    }

    @Test
    void anExtensionThatIsNotThereIsRefusedInASentence() throws Exception {
        Path target = Files.createDirectories(folder.resolve("v0.0.1")).resolve(NAME + ".duckdb_extension");
        assertThatThrownBy(() -> new PythonWheels(Duration.ofMinutes(2)).fetch(NAME, "v0.0.1", target))
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll("pip", "duckdb-extension-sqlite-scanner==0.0.1");
        assertThat(target).doesNotExist();
    }

    @Test
    void itEndsWithinItsDeadline() {
        Path target = folder.resolve(NAME + ".duckdb_extension");
        assertThatThrownBy(() -> new PythonWheels(Duration.ofMillis(1)).fetch(NAME, "v1.5.5", target))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("did not end within");
        assertThat(target).doesNotExist();
    }
}
