package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a session opens the lake it was told to, refuses everything else clearly, and can reach nothing besides. */
@Tag("stand")
class LakeSessionTest {
    @TempDir
    Path folder;

    @Test
    void aMissingLakeIsNamedWithTheCommandThatMakesIt() {
        for (SessionOptions.Access access : List.of(SessionOptions.Access.READ, SessionOptions.Access.WRITE)) {
            assertThatThrownBy(() -> new LakeTestBed(folder).open(access))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("there is no lake yet")
                    .hasMessageContaining(LakeStand.isOnPostgres() ? "postgres://" : "lake.sqlite")
                    .hasMessageContaining("millrace init");
        }
    }

    @Test
    void anotherDataPathIsRefused() {
        LakeTestBed bed = new LakeTestBed(folder);
        bed.openWithTrips().close();
        LakeAddress moved =
                new LakeAddress(bed.address().catalog(), bed.address().dataPath() + "elsewhere");
        for (SessionOptions.Access access : SessionOptions.Access.values()) {
            assertThatThrownBy(() -> LakeSession.open(moved, LakeStand.options(access)))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("another data path")
                    .hasMessageContaining("lake.data");
        }
    }

    @Test
    void aReaderCannotWrite() {
        LakeTestBed bed = new LakeTestBed(folder);
        bed.openWithTrips().close();
        try (LakeSession reader = bed.open(SessionOptions.Access.READ)) {
            assertThat(reader.queryLong("SELECT count(*) FROM lake.trips")).isZero();
            assertThatThrownBy(() -> reader.execute("INSERT INTO lake.trips VALUES (1, 'a')"))
                    .hasMessageContaining("read-only");
        }
    }

    @RepeatedTest(5)
    void manyThatMakeALakeAtOnceHaveOneLake() throws Exception {
        LakeTestBed bed = new LakeTestBed(folder);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> init = () -> {
                try (LakeSession session = bed.open(SessionOptions.Access.CREATE)) {
                    PipelineTables.install(session);
                    return true;
                }
            };
            for (Future<Boolean> made : threads.invokeAll(Collections.nCopies(4, init))) {
                assertThat(made.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        try (LakeSession session = bed.open(SessionOptions.Access.READ)) {
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.version"))
                    .isEqualTo(1);
        }
    }

    @Test
    void thePipelinesOwnRowsStayInTheCatalog() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            session.execute("INSERT INTO lake.millrace.ledger (dataset) SELECT 'trips' FROM range(5000)");
            session.execute("UPDATE lake.millrace.lease SET token = token + 1");
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.ledger"))
                    .isEqualTo(5000);
        }
        assertThat(StoreStand.current().everything(LakeStand.data(folder))).isEmpty();
    }

    @Test
    void nothingOutsideOfTheLakeAndThePlacesGivenCanBeReached() throws IOException {
        StoreStand stand = StoreStand.current();
        ObjectStore staging = stand.store(folder, "staging");
        stand.write(staging, "given/a.csv", "x\n1\n");
        stand.write(staging, "givenaway/a.csv", "x\n1\n");
        stand.write(staging, "secret.csv", "x\n1\n");
        String place = staging.root() + "/given/";
        Path outside = Files.writeString(folder.resolve("secret.csv"), "x\n1\n");
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.CREATE, List.of(place))) {
            assertThat(session.queryLong("SELECT count(*) FROM read_csv(?)", place + "a.csv"))
                    .isEqualTo(1);
            for (String sql : List.of(
                    "SELECT * FROM read_csv('" + staging.address("givenaway/a.csv") + "')",
                    "SELECT * FROM read_csv('" + staging.address("secret.csv") + "')",
                    "SELECT * FROM read_csv('" + place + "../secret.csv')",
                    "SELECT * FROM read_csv('" + place + "a.csv?s3_endpoint=127.0.0.1:1')",
                    "SELECT * FROM read_csv('s3://elsewhere/a.csv')",
                    "SELECT * FROM read_csv('http://127.0.0.1:1/a.csv')",
                    "SELECT * FROM read_csv('" + outside + "')",
                    "SELECT * FROM '/etc/passwd'",
                    "SELECT * FROM read_text('/etc/passwd')",
                    "SELECT * FROM read_blob('/etc/passwd')",
                    "SELECT * FROM read_text('/proc/self/environ')",
                    "SELECT * FROM read_csv('/dev/stdin')",
                    "SELECT * FROM read_json('" + outside + "')",
                    "SELECT * FROM read_parquet('" + outside + "')",
                    "SELECT * FROM parquet_metadata('" + outside + "')",
                    "SELECT * FROM sniff_csv('" + outside + "')",
                    "SELECT * FROM glob('/etc/*')",
                    "SELECT * FROM glob('" + staging.root() + "/*')",
                    "SELECT * FROM read_text('file:///etc/passwd')",
                    "SELECT * FROM read_text('https://127.0.0.1:1/a.csv')",
                    "SELECT getenv('HOME')",
                    "COPY (SELECT 1) TO '" + folder.resolve("out.csv") + "'",
                    "COPY (SELECT 1) TO '" + staging.address("out.csv") + "'",
                    "EXPORT DATABASE '" + folder.resolve("exported") + "'",
                    "IMPORT DATABASE '" + folder + "'",
                    "ATTACH '" + folder.resolve("other.db") + "'",
                    "ATTACH 'ducklake:" + folder.resolve("other.ducklake") + "' AS other",
                    "CALL ducklake_add_data_files('lake', 'trips', ['" + outside + "'])",
                    "ATTACH 'postgres:host=127.0.0.1 port=1' AS other",
                    "INSTALL httpfs",
                    "LOAD spatial",
                    "LOAD '" + outside + "'",
                    "UPDATE EXTENSIONS",
                    "SET TimeZone = 'CET'",
                    "SET allowed_configs = ['TimeZone']",
                    "SET log_query_path = '" + folder.resolve("log") + "'",
                    "PRAGMA profiling_output = '" + folder.resolve("profile") + "'",
                    "CREATE PERSISTENT SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
                    "SET s3_endpoint = '127.0.0.1:1'",
                    "RESET allowed_directories",
                    "SET enable_external_access = true")) {
                assertThatThrownBy(() -> session.execute(sql), sql).isInstanceOf(StatementException.class);
            }
        }
        assertThat(folder.resolve("out.csv")).doesNotExist();
        assertThat(folder.resolve("exported")).doesNotExist();
        assertThat(folder.resolve("other.ducklake")).doesNotExist();
    }

    /** What the page on architecture says is left open: where the engine closes it, the page has to be told. */
    @Test
    void aStatementCanReachADatabaseOfTheCatalogsKind() throws IOException {
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.CREATE)) {
            if (LakeStand.isOnPostgres()) {
                assertThatThrownBy(() -> session.execute("FROM postgres_scan('host=127.0.0.1 port=1', 'public', 't')"))
                        .as("it asks there")
                        .hasMessageContaining("Connection refused");
                assertThatThrownBy(() -> session.execute("CALL postgres_attach('host=127.0.0.1 port=1')"))
                        .as("it asks there")
                        .hasMessageContaining("Connection refused");
            } else {
                Path other = folder.resolve("other.sqlite");
                session.execute("ATTACH '" + other + "' AS other (TYPE sqlite)");
                session.execute("CREATE TABLE other.t AS SELECT 1 AS a");
                assertThat(session.queryLong("SELECT count(*) FROM sqlite_scan('" + other + "', 't')"))
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aLinkToAFileOutsideIsNotFollowed() throws IOException {
        assumeThat(StoreStand.current().isServed()).as("S3 has no links").isFalse();
        Path given = Files.createDirectories(folder.resolve("given"));
        Path outside = Files.writeString(folder.resolve("secret.csv"), "x\n1\n");
        Files.createSymbolicLink(given.resolve("link.csv"), outside);
        try (LakeSession session = LakeStand.open(folder, SessionOptions.Access.CREATE, List.of(given + "/"))) {
            assertThatThrownBy(() -> session.execute("FROM read_csv('" + given.resolve("link.csv") + "')"))
                    .hasMessageContaining("Permission Error");
        }
    }
}
