package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.FULL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a delete from a file which has deletes already is not undone by a merge that it meets; shows that the engine loses
 * one of two such deletes at once, and proves that a compaction leaves such a file alone. On PostgreSQL, since SQLite refuses
 * the second of two writers.
 */
@Tag("served")
class DeletesAtOnceTest {
    /** By reading the rows: where the statistics tell the answer, the engine takes the catalog's word. */
    private static final String COUNT = "SELECT count(*) FROM lake.trips WHERE md5(id::VARCHAR) <> ''";

    private static final String DELETE = "DELETE FROM lake.trips WHERE id = ?";

    @TempDir
    private Path folder;

    private TripsLake lake;
    private LakeSession session;

    @BeforeEach
    void aFileWithADelete() {
        lake = new TripsLake(folder);
        session = lake.session();
        lake.insert(0, 100, 1);
        session.execute(DELETE, 0L);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aDeleteThatCommitsInTheMidstOfAnExchangeIsNotUndone() throws Exception {
        lake.insert(100, 100, 1);
        AtomicBoolean met = new AtomicBoolean();
        try (LakeSession analyst = lake.open(SessionOptions.Access.WRITE);
                FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
                    if (at == Failpoint.AFTER_END_FILES && met.compareAndSet(false, true)) {
                        analyst.execute(DELETE, 5L);
                    }
                })) {
            assertThat(listening).isNotNull();
            lake.compact(FULL);
        }
        assertThat(met).isTrue();
        assertThat(session.queryLong(COUNT)).isEqualTo(198);
        assertThat(session.queryLong(COUNT + " AND id IN (0, 5)")).isZero();
        assertThat(lake.files()).isEqualTo(1);
    }

    /**
     * The engine's own mistake (DuckLake d8a1881e): what it compares is when the deletes of a file began, and the first ones are
     * rewritten with each later one. When this fails, it is mended, and the care for it can go.
     */
    @Test
    void ofTwoDeletesAtOnceByOthersOneIsLostAndACompactionLeavesTheFileAsItIs() {
        try (LakeSession one = lake.open(SessionOptions.Access.WRITE);
                LakeSession other = lake.open(SessionOptions.Access.WRITE)) {
            one.execute("BEGIN TRANSACTION");
            one.execute(DELETE, 1L);
            other.execute("BEGIN TRANSACTION");
            other.execute(DELETE, 2L);
            one.execute("COMMIT");
            other.execute("COMMIT");
        }
        long doubled = session.queryLong(COUNT);
        assertThat(doubled).isEqualTo(2 * 98);

        lake.insert(100, 100, 1);
        lake.insert(200, 100, 1);
        CompactResult.Done done = lake.compact(FULL);

        assertThat(done.after().files()).isEqualTo(2);
        assertThat(session.queryLong(COUNT)).isEqualTo(doubled + 200);
    }
}
