package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.lake.engine.EngineCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a file which is no lake's catalog is never made into one. */
class SqliteCatalogTest {
    @TempDir
    Path folder;

    private LakeSession open(Path at, SessionOptions.Access access) {
        return LakeSession.open(
                new LakeAddress(
                        new Catalog.SqliteCatalog(at.resolve("lake.sqlite")),
                        at.resolve("lake").toString()),
                SessionOptions.of(access));
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAlone() throws IOException {
        Path catalog = folder.resolve("lake.sqlite");
        Files.writeString(catalog, "this is a shopping list\n".repeat(200));
        for (SessionOptions.Access access : SessionOptions.Access.values()) {
            assertThatThrownBy(() -> open(folder, access))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("lake.sqlite is not a DuckLake catalog");
        }
        assertThat(catalog).hasContent("this is a shopping list\n".repeat(200));
    }

    @Test
    void anotherProgramsDatabaseIsLeftAlone() throws IOException, SQLException {
        Path catalog = folder.resolve("lake.sqlite");
        Path extensions = EngineCache.standard().folder().resolve("duckdb/extensions");
        try (LakeSession warm = open(Files.createDirectory(folder.resolve("warm")), SessionOptions.Access.CREATE)) {
            assertThat(warm.queryLong("SELECT 1")).isEqualTo(1);
        }
        try (Connection engine = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = engine.createStatement()) {
            statement.execute("SET extension_directory = '" + extensions + "'");
            statement.execute("LOAD sqlite_scanner");
            statement.execute("ATTACH '" + catalog + "' AS other (TYPE sqlite)");
            statement.execute("CREATE TABLE other.customers (id INTEGER)");
        }
        byte[] before = Files.readAllBytes(catalog);
        for (SessionOptions.Access access : SessionOptions.Access.values()) {
            assertThatThrownBy(() -> open(folder, access))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("lake.sqlite is not a DuckLake catalog");
        }
        assertThat(Files.readAllBytes(catalog)).isEqualTo(before);
    }

    /** Fails on the day that the engine closes this gap; then the page on the architecture has to be mended. */
    @Test
    void theLockDoesNotReachTheSqliteFunctions() {
        open(folder, SessionOptions.Access.CREATE).close();
        Path other = folder.resolve("other.sqlite");
        try (LakeSession session = open(folder, SessionOptions.Access.WRITE)) {
            session.execute("ATTACH '" + other + "' AS other (TYPE sqlite)");
            session.execute("CREATE TABLE other.customers (id INTEGER)");
            assertThat(session.queryLong("SELECT count(*) FROM sqlite_scan(?, 'customers')", other.toString()))
                    .isZero();
        }
        assertThat(other).exists();
    }
}
