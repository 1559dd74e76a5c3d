package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that the engine has one thread for what is about the catalog, and all of them for data. */
class EngineThreadsTest {
    private static final String THREADS_OVER_DATA =
            "SELECT any_value(current_setting('threads'))::BIGINT FROM lake.main.trips";
    private static final String THREADS_OVER_THE_CATALOG =
            "SELECT any_value(current_setting('threads'))::BIGINT FROM lake.millrace.version";

    @TempDir
    Path folder;

    private final Optional<String> before = Optional.ofNullable(System.getProperty(EngineThreads.PROPERTY));

    @AfterEach
    void restore() {
        before.ifPresentOrElse(
                number -> System.setProperty(EngineThreads.PROPERTY, number),
                () -> System.clearProperty(EngineThreads.PROPERTY));
    }

    @Test
    void theirNumberFollowsTheStatement() {
        System.setProperty(EngineThreads.PROPERTY, "3");
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            session.execute("INSERT INTO lake.main.trips VALUES (1, 'Ulm')");
            for (int time = 0; time < 2; time++) {
                assertThat(session.queryLong(THREADS_OVER_THE_CATALOG)).isEqualTo(1);
                assertThat(session.queryLong(THREADS_OVER_DATA)).isEqualTo(3);
            }
            session.begin();
            assertThat(session.queryLong(THREADS_OVER_THE_CATALOG)).isEqualTo(1);
            session.rollBack();
        }
    }

    @Test
    void withoutTheirNumberTheEngineHasOneForEachCore() {
        System.clearProperty(EngineThreads.PROPERTY);
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            session.execute("INSERT INTO lake.main.trips VALUES (1, 'Ulm')");
            assertThat(session.queryLong(THREADS_OVER_DATA))
                    .isEqualTo(Runtime.getRuntime().availableProcessors());
        }
    }

    @Test
    void whatIsNoNumberOfThreadsIsRefused() {
        System.setProperty(EngineThreads.PROPERTY, "all");
        assertThatThrownBy(() -> new LakeTestBed(folder).openWithTrips())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(EngineThreads.PROPERTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN TRANSACTION",
                "COMMIT",
                "ROLLBACK",
                "CALL lake.set_option('parquet_compression', 'zstd', schema => 'main', table_name => 'trips')",
                "ALTER TABLE lake.main.trips ADD COLUMN town VARCHAR",
                "  SELECT token FROM lake.millrace.lease",
                "UPDATE lake.millrace.lease SET token = token + 1",
                "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file",
                "SELECT column_name FROM duckdb_columns() WHERE table_name = ?"
            })
    void theCatalogIsWhatThePipelineAndTheEngineNote(String sql) {
        assertThat(EngineThreads.isAboutTheCatalog(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COPY (SELECT * FROM lake.main.trips) TO 'x.parquet'",
                "SELECT count(*) FROM lake.\"main\".\"trips\"",
                "SELECT count(*) FROM lake.main.trips JOIN lake.millrace.ledger USING (x)",
                "DELETE FROM lake.main.trips WHERE filename = ?",
                "CREATE OR REPLACE TEMP TABLE waiting AS FROM listed ANTI JOIN lake.millrace.ledger USING (staged_key)",
                "INSERT INTO lake.millrace.ledger BY NAME SELECT * FROM read_parquet(?)",
                "CALL ducklake_add_data_files('lake', 'trips', ?)",
                "SELECT count(*) FROM parquet_file_metadata(?)",
                "FROM anything"
            })
    void dataIsTheRest(String sql) {
        assertThat(EngineThreads.isAboutTheCatalog(sql)).isFalse();
    }
}
