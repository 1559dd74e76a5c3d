package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.CONTRACT;
import static dev.millrace.compactor.TripsLake.FULL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.sql.SqlText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a merge which would change the number of rows is undone, deletes nothing and says so: where the store has other files than were
 * written, and where somebody else has put a merged file into the lake already.
 */
@Tag("slow")
@Tag("stand")
class RowCountTest {
    @TempDir
    Path folder;

    private TripsLake lake;
    private LakeSession session;

    @BeforeEach
    void open() {
        lake = new TripsLake(folder);
        session = lake.session();
        lake.insert(0, 100, 2);
        lake.insert(100, 100, 2);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** Compacts, and does something to the first file that the merge has written, before it is looked at again. */
    private void compactAndDisturb(BiConsumer<LakeSession, String> disturbance) {
        Set<String> before = lake.storedKeys();
        AtomicBoolean isDisturbed = new AtomicBoolean();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == Failpoint.AFTER_WRITE_LAKE_FILES && isDisturbed.compareAndSet(false, true)) {
                Set<String> written = lake.storedKeys();
                written.removeAll(before);
                try (LakeSession another = lake.open(SessionOptions.Access.WRITE)) {
                    String first = written.stream().findFirst().orElseThrow();
                    disturbance.accept(another, another.address().dataPath() + first);
                }
            }
        })) {
            assertThat(listening).isNotNull();
            lake.compact(FULL);
        } finally {
            assertThat(isDisturbed).isTrue();
        }
    }

    private static void replace(LakeSession another, String path) {
        another.execute(
                "COPY (SELECT 1::BIGINT AS id, 0::INTEGER AS day) TO " + SqlText.literal(path) + " (FORMAT parquet)");
    }

    private static void register(LakeSession another, String path) {
        CommitRetry.STANDARD.run(
                another,
                "registering a file",
                () -> {
                    new DatasetFiles(another, CONTRACT, FULL.targetFileBytes()).register(List.of(path));
                    return true;
                },
                Optional::empty);
    }

    @Test
    void filesThatAreNotWhatWasWrittenDoNotComeIntoTheLake() {
        List<Long> content = lake.content(session);
        Set<String> stored = lake.storedKeys();

        assertThatThrownBy(() -> compactAndDisturb(RowCountTest::replace))
                .isInstanceOf(LakeException.class)
                .hasMessageContainingAll(
                        "dataset 'trips': 200 rows were written", "101 are found", "Nothing was committed");

        assertThat(lake.content(session)).isEqualTo(content);
        assertNothingIsDone(stored, "failed: dataset 'trips': 200 rows were written");
        assertThat(lake.compact(FULL).after().files()).as("the next one").isEqualTo(2);
        assertThat(lake.content(session)).isEqualTo(content);
    }

    private void assertNothingIsDone(Set<String> storedBefore, String run) {
        assertThat(lake.storedKeys()).containsAll(storedBefore);
        assertThat(new NamedFiles(session, lake.data()).problems()).isEmpty();
        assertThat(session.query(
                        "SELECT outcome || ': ' || error FROM lake.millrace.run WHERE commits = 0",
                        row -> row.getString(1)))
                .singleElement()
                .satisfies(told -> assertThat(told).startsWith(run));
        assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.step")).isZero();
        assertThat(session.queryLong("SELECT count(holder) FROM lake.millrace.lease"))
                .isZero();
    }

    @Test
    void norWhereTheEngineExchangesThem() {
        session.execute("DELETE FROM lake.trips WHERE id = 0");
        Set<String> stored = lake.storedKeys();

        assertThatThrownBy(() -> compactAndDisturb(RowCountTest::register))
                .isInstanceOf(RowCountException.class)
                .hasMessageContaining("dataset 'trips': 199 rows before merging 4 files and");

        assertThat(lake.files()).isEqualTo(5);
        assertNothingIsDone(stored, "failed: dataset 'trips': 199 rows before");
    }

    @Test
    void filesThatSomebodyElseHasRegisteredDoNotComeIntoTheLakeTwice() {
        Set<String> stored = lake.storedKeys();

        assertThatThrownBy(() -> compactAndDisturb(RowCountTest::register))
                .isInstanceOf(RowCountException.class)
                .hasMessageContainingAll(
                        "dataset 'trips': 200 rows before merging 4 files and 300 after it",
                        "undone",
                        "nothing was deleted",
                        "not compacted any further",
                        "report this");

        // The four that were there, and the one of the other.
        assertThat(lake.files()).isEqualTo(5);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(300);
        assertNothingIsDone(stored, "failed: dataset 'trips': 200 rows before");
    }
}
