package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.CONTRACT;
import static dev.millrace.compactor.TripsLake.FULL;
import static dev.millrace.compactor.TripsLake.TRIPS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Compression;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.FileLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what a compaction takes on: what is still written to sparingly, what is quiet altogether, files with many deletes, rows and deletes
 * that another program has inlined, and no more than its budget; and that each step tells what it did.
 */
@Tag("slow")
@Tag("stand")
class MergeChoiceTest {
    private static final MergePolicy WORTHWHILE =
            new MergePolicy(1_000_000, Duration.ofHours(12), MergePolicy.Extent.WORTHWHILE);

    @TempDir
    Path folder;

    private TripsLake lake;
    private LakeSession session;

    @BeforeEach
    void open() {
        lake = new TripsLake(folder);
        session = lake.session();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private void insertFiles(int count) {
        for (int file = 0; file < count; file++) {
            lake.insert(file * 100L, 100, 1);
        }
    }

    @Test
    void whatIsStillWrittenToIsMergedWhenItIsMuchAndWhatIsQuietIsBroughtDown() {
        insertFiles(3);
        assertThat(lake.compact(WORTHWHILE).runId()).isEmpty();

        Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofHours(13));
        lake.compactor(WORTHWHILE, Budget.UNLIMITED, tomorrow).compact(CONTRACT);
        assertThat(lake.files()).isEqualTo(1);

        insertFiles(40);
        assertThat(lake.compact(WORTHWHILE).after().files()).isLessThanOrEqualTo(2);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(4_300);
    }

    @Test
    void aFileOfWhichMuchIsDeletedIsWrittenAnew() {
        lake.insert(0, 1_000, 1);
        session.execute("DELETE FROM lake.trips WHERE id < 400");
        PartitionState state = lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC())
                .inspect(CONTRACT)
                .total();
        assertThat(state.filesWithDeletes()).isEqualTo(1);
        assertThat(state.deletedShare()).isEqualTo(0.4);

        CompactResult.Done done = lake.compact(WORTHWHILE);

        assertThat(done.after().rows()).isEqualTo(done.before().rows()).isEqualTo(600);
        assertThat(done.after().bytes()).isLessThan(done.before().bytes());
        assertThat(actions()).isEqualTo("rewrite");
        assertThat(lake.plan(WORTHWHILE)).isEmpty();
    }

    @Test
    void rowsThatAnotherProgramHasInlinedAreWrittenToFiles() {
        lake.insert(0, 1_000, 2);
        session.execute("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'trips')");
        try (LakeSession another = lake.open(SessionOptions.Access.WRITE)) {
            another.execute("INSERT INTO lake.trips SELECT i, (i % 2)::INTEGER FROM range(1000, 1008) r(i)");
            another.execute("DELETE FROM lake.trips WHERE id = 1001");
        }
        assertThat(inspect().inlinedRows()).isEqualTo(7);

        assertThat(lake.compact(FULL).after().rows()).isEqualTo(1_007);

        assertThat(inspect().inlinedRows()).isZero();
        assertThat(session.queryLong("SELECT count(DISTINCT id) FROM lake.trips WHERE id <> 1001"))
                .isEqualTo(1_007);
        assertThat(lake.files()).isEqualTo(2);
        assertThat(actions()).isEqualTo("flush,merge");
    }

    @Test
    void inlinedRowsThatOthersChangeDuringAFlushAreKeptAsTheyAre() {
        session.execute("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'trips')");
        AtomicBoolean met = new AtomicBoolean();
        try (LakeSession another = lake.open(SessionOptions.Access.WRITE)) {
            another.execute("INSERT INTO lake.trips SELECT i, (i % 2)::INTEGER FROM range(8) r(i)");
            try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
                // The rows are written; as many are inlined as before.
                if (at == Failpoint.BEFORE_RAISE_TOKEN && lake.storedFiles() > 0 && met.compareAndSet(false, true)) {
                    another.execute("DELETE FROM lake.trips WHERE id = 1");
                    another.execute("INSERT INTO lake.trips VALUES (8, 0)");
                    another.execute("UPDATE lake.trips SET id = 20 WHERE id = 2");
                }
            })) {
                assertThat(listening).isNotNull();
                lake.compact(FULL);
            }
        }
        assertThat(met).isTrue();
        assertThat(session.query("SELECT id FROM lake.trips ORDER BY id", row -> row.getLong(1)))
                .containsExactly(0L, 3L, 4L, 5L, 6L, 7L, 8L, 20L);
    }

    @Test
    void aFileWithInlinedDeletesIsLeftAsItIs() {
        for (int file = 0; file < 3; file++) {
            lake.insert(file * 100L, 100, 1);
        }
        session.execute("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'trips')");
        try (LakeSession another = lake.open(SessionOptions.Access.WRITE)) {
            another.execute("DELETE FROM lake.trips WHERE id IN (5, 6)");
        }
        assertThat(inspect().total().deletedRows()).isEqualTo(2);

        assertThat(lake.compact(FULL).after().rows()).isEqualTo(298);

        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id IN (5, 6)"))
                .isZero();
        assertThat(lake.files()).isEqualTo(2);
    }

    private DatasetState inspect() {
        return lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).inspect(CONTRACT);
    }

    @Test
    void whatTheBudgetLeavesIsDoneNextTime() {
        for (int file = 0; file < 2; file++) {
            lake.insert(file * 1_000L, 1_000, 40);
        }
        Budget small = new Budget(1_000_000_000, 40, Duration.ofHours(1));
        DatasetState state = lake.compactor(FULL, small, Clock.systemUTC()).inspect(CONTRACT);
        assertThat(state.plan().load().files()).isEqualTo(40);
        assertThat(state.plan().leftLoad().files()).isEqualTo(40);

        CompactResult.Done first = (CompactResult.Done)
                lake.compactor(FULL, small, Clock.systemUTC()).compact(CONTRACT);
        assertThat(first.left().files()).isBetween(40L, 48L);
        assertThat(first.after().files()).isBetween(60L, 64L);
        CompactResult.Done last = first;
        for (int next = 0; next < 3 && last.left().files() > 0; next++) {
            last = (CompactResult.Done)
                    lake.compactor(FULL, small, Clock.systemUTC()).compact(CONTRACT);
        }
        assertThat(last.after().files()).isEqualTo(40);
        assertThat(last.after().rows()).isEqualTo(2_000);
    }

    @Test
    void columnsThatComeBetweenTwoStepsAreKept() {
        lake.insert(0, 1_000, 20);
        lake.insert(1_000, 1_000, 20);
        AtomicBoolean met = new AtomicBoolean();
        try (LakeSession another = lake.open(SessionOptions.Access.WRITE);
                FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
                    if (at == Failpoint.BEFORE_WRITE_LAKE_FILES
                            && another.queryLong("SELECT count(*) FROM lake.millrace.step") == 1
                            && met.compareAndSet(false, true)) {
                        another.execute("ALTER TABLE lake.trips ADD COLUMN note VARCHAR DEFAULT 'none'");
                        another.execute("INSERT INTO lake.trips SELECT 2000 + i, i, 'new' FROM range(20) r(i)");
                    }
                })) {
            assertThat(listening).isNotNull();
            lake.compact(FULL);
        }
        assertThat(met).isTrue();
        lake.compact(FULL);
        assertThat(lake.files()).isEqualTo(20);
        assertThat(session.queryLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(2_020);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE note = 'new'"))
                .isEqualTo(20);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE note = 'none'"))
                .isEqualTo(2_000);
    }

    @Test
    void eachStepTellsWhatItDid() {
        insertFiles(5);
        CompactResult.Done done = lake.compact(FULL);
        assertThat(session.query(
                        "SELECT action, files_before, files_after, bytes_before, bytes_after, rows FROM lake.millrace.step"
                                + " WHERE run_id = ? AND dataset = ? AND elapsed_ms >= 0 AND committed_at IS NOT NULL",
                        row -> row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3) + " " + row.getLong(4)
                                + " " + row.getLong(5) + " " + row.getLong(6),
                        done.runId().orElseThrow(),
                        TRIPS.toString()))
                .containsExactly("merge 5 1 " + done.before().bytes() + " "
                        + done.after().bytes() + " 500");
    }

    @Test
    void filesAreWrittenAsTheContractSays() {
        insertFiles(2);
        Contract snappy = contract(
                new FileLayout(Optional.of(400L), Compression.SNAPPY, OptionalInt.empty(), OptionalInt.of(2_048)));
        assertThat(lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC())
                        .inspect(snappy)
                        .plan()
                        .merges())
                .isEmpty();

        Contract large = contract(
                new FileLayout(Optional.empty(), Compression.SNAPPY, OptionalInt.empty(), OptionalInt.of(2_048)));
        lake.insert(1_000, 5_000, 1);
        lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(large);
        String file = session.queryOne("SELECT DISTINCT filename FROM lake.trips", row -> row.getString(1))
                .orElseThrow();
        assertThat(session.queryOne(
                        "SELECT any_value(compression), max(row_group_num_rows) FROM parquet_metadata(?)",
                        row -> row.getString(1) + " " + row.getLong(2),
                        file))
                .contains("SNAPPY 2048");
    }

    private static Contract contract(FileLayout files) {
        return new Contract(
                TRIPS,
                CONTRACT.schema(),
                CONTRACT.partitionBy(),
                CONTRACT.sortBy(),
                CONTRACT.mode(),
                CONTRACT.evolution(),
                files);
    }

    private String actions() {
        return session.queryOne(
                        "SELECT string_agg(action, ',' ORDER BY step_id) FROM lake.millrace.step",
                        row -> row.getString(1))
                .orElseThrow();
    }
}
