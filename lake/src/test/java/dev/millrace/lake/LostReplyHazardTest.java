package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what the engine does to a transaction whose COMMIT happened and whose answer was lost, which is why the pipeline
 * registers files instead of inserting rows. When one of these fails, the engine has changed: look at the docs
 * ("Exactly once is a property of one commit") anew.
 */
@Tag("served")
class LostReplyHazardTest {
    @TempDir
    private Path folder;

    private ProxiedLake proxied;
    private LakeSession direct;

    @BeforeEach
    void makeTheLake() throws Exception {
        direct = LakeStand.open(folder, SessionOptions.Access.CREATE);
        PipelineTables.install(direct);
        new DatasetContract(direct, LakeTestBed.tripsContract()).apply();
        direct.reconnect();
        proxied = ProxiedLake.of(folder);
    }

    @AfterEach
    void close() throws Exception {
        proxied.close();
        direct.close();
    }

    @Test
    void anInsertWhoseReplyIsLostIsCommittedAndItsFileIsGone() {
        cutReplyOf("INSERT INTO lake.trips SELECT i, 'Ulm' FROM range(100) r(i)");

        assertThat(direct.queryLong(
                        "SELECT sum(record_count)::BIGINT FROM __ducklake_metadata_lake.ducklake_data_file"))
                .as("rows of the files that the committed snapshot names")
                .isEqualTo(100);
        assertThat(new NamedFiles(direct, LakeStand.data(folder)).problems())
                .singleElement()
                .asString()
                .endsWith("is missing");
        assertThatThrownBy(() -> direct.queryLong("SELECT sum(id) FROM lake.trips"))
                .isInstanceOf(StatementException.class);
    }

    @Test
    void aRegisteredFileWhoseReplyIsLostIsCommittedAndStays() {
        DatasetFiles files = new DatasetFiles(direct, LakeTestBed.tripsContract(), 1_000_000);
        ObjectStore lakeData = LakeStand.data(folder);
        lakeData.makeFolder("main/trips/");
        String written = files.write("SELECT i::INTEGER AS id, 'Ulm' AS town FROM range(100) r(i)", "test")
                .get(0)
                .path();
        cutReplyOf("CALL ducklake_add_data_files('lake', 'trips', ?, hive_partitioning => true)", List.of(written));

        assertThat(new NamedFiles(direct, lakeData).problems()).isEmpty();
        assertThat(direct.queryLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(100);
    }

    private void cutReplyOf(String sql, Object... values) {
        try (LakeSession session = proxied.open(SessionOptions.Access.WRITE, List.of())) {
            CompletableFuture<Void> cut = proxied.proxy().cutReplyOfNextCommit();
            assertThatThrownBy(() -> session.execute(sql, values)).isInstanceOf(LakeException.class);
            assertThat(cut).succeedsWithin(Duration.ofSeconds(10));
        }
    }
}
