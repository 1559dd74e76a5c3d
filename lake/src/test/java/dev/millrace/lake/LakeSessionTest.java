package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a session opens the lake it was told to, refuses everything else clearly, and can reach nothing besides. */
@Tag("stand")
class LakeSessionTest {
    @TempDir
    Path folder;

    @Test
    void aMissingCatalogIsNamedWithTheCommandThatMakesIt() {
        assertThatThrownBy(() -> new LakeTestBed(folder).open(SessionOptions.Access.WRITE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("lake.sqlite")
                .hasMessageContaining("millrace init");
    }

    @Test
    void aFileThatIsNoDatabaseIsLeftAlone() throws IOException {
        Path catalog = folder.resolve("lake.sqlite");
        Files.writeString(catalog, "this is a shopping list\n".repeat(200));
        for (SessionOptions.Access access : SessionOptions.Access.values()) {
            assertThatThrownBy(() -> new LakeTestBed(folder).open(access))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("lake.sqlite is not a DuckLake catalog");
        }
        assertThat(catalog).hasContent("this is a shopping list\n".repeat(200));
    }

    @Test
    void anotherProgramsDatabaseIsLeftAlone() throws IOException, SQLException {
        Path catalog = folder.resolve("lake.sqlite");
        Path extensions =
                dev.millrace.lake.engine.EngineCache.standard().folder().resolve("duckdb/extensions");
        try (LakeSession warm = new LakeTestBed(folder.resolve("warm")).open(SessionOptions.Access.CREATE)) {
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
            assertThatThrownBy(() -> new LakeTestBed(folder).open(access))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("lake.sqlite is not a DuckLake catalog");
        }
        assertThat(Files.readAllBytes(catalog)).isEqualTo(before);
    }

    @Test
    void anotherDataPathIsRefused() throws IOException {
        LakeTestBed bed = new LakeTestBed(folder);
        bed.openWithTrips().close();
        LakeAddress moved = new LakeAddress(
                bed.address().catalog(), folder.resolve("elsewhere").toString());
        assertThatThrownBy(() -> LakeSession.open(moved, SessionOptions.of(SessionOptions.Access.WRITE)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("another data path")
                .hasMessageContaining("lake.data");
    }

    @Test
    void aReaderCannotWrite() throws IOException {
        LakeTestBed bed = new LakeTestBed(folder);
        bed.openWithTrips().close();
        try (LakeSession reader = bed.open(SessionOptions.Access.READ)) {
            assertThat(reader.queryLong("SELECT count(*) FROM lake.trips")).isZero();
            assertThatThrownBy(() -> reader.execute("INSERT INTO lake.trips VALUES (1, 'a')"))
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void nothingOutsideOfTheLakeAndThePlacesGivenCanBeReached() throws IOException {
        LakeTestBed bed = new LakeTestBed(folder);
        Path staging = Files.createDirectories(folder.resolve("staging"));
        Files.writeString(staging.resolve("a.csv"), "x\n1\n");
        Path outside = Files.writeString(folder.resolve("secret.csv"), "x\n1\n");
        SessionOptions options =
                SessionOptions.of(SessionOptions.Access.CREATE).withReadablePlaces(List.of(staging.toString() + "/"));
        try (LakeSession session = LakeSession.open(bed.address(), options)) {
            assertThat(session.queryLong(
                            "SELECT count(*) FROM read_csv(?)",
                            staging.resolve("a.csv").toString()))
                    .isEqualTo(1);
            for (String sql : List.of(
                    "SELECT * FROM read_csv('" + outside + "')",
                    "SELECT * FROM read_csv('" + staging + "/../secret.csv')",
                    "COPY (SELECT 1) TO '" + folder.resolve("out.csv") + "'",
                    "ATTACH '" + folder.resolve("other.db") + "'",
                    "INSTALL httpfs",
                    "SET enable_external_access = true")) {
                assertThatThrownBy(() -> session.execute(sql)).as(sql).isInstanceOf(StatementException.class);
            }
        }
    }
}
