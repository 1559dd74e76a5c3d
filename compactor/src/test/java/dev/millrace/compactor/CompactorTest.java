package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.CONTRACT;
import static dev.millrace.compactor.TripsLake.FULL;
import static dev.millrace.compactor.TripsLake.RETRY;
import static dev.millrace.compactor.TripsLake.TRIPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.lake.CommitResult;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Transaction;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that compaction changes the number of files and nothing else, and deletes only what nobody can need. */
@Tag("slow")
@Tag("stand")
class CompactorTest {
    private static final SnapshotRetention RETENTION =
            new SnapshotRetention(Duration.ofDays(7), 100_000, Duration.ofDays(2));

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

    @Test
    void manySmallFilesBecomeOneAPartition() {
        for (int file = 0; file < 12; file++) {
            lake.insert(file * 100L, 100, 20);
        }
        List<Long> before = lake.content(session);

        CompactResult.Done done = lake.compact(FULL);

        assertThat(done.before().files()).isEqualTo(240);
        assertThat(done.after().files()).isEqualTo(20);
        assertThat(lake.content(session)).isEqualTo(before);
        assertThat(session.query("SELECT outcome FROM lake.millrace.run", row -> row.getString(1)))
                .containsExactly("succeeded");
        assertThat(lake.plan(FULL)).isEmpty();
        assertThat(lake.compact(FULL).runId()).isEmpty();
    }

    @Test
    void mergedFilesAreSortedByTheContract() {
        lake.insert(500, 100, 1);
        lake.insert(0, 100, 1);
        lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT);
        assertThat(session.queryLong(
                        """
                        SELECT count(*) FROM (SELECT id, lag(id) OVER (ORDER BY file_row_number) AS previous
                            FROM (SELECT id, file_row_number FROM read_parquet(?, file_row_number = true)))
                        WHERE id < previous
                        """,
                        session.queryOne(
                                        """
                        SELECT ? || 'main/trips/' || path FROM __ducklake_metadata_lake.ducklake_data_file
                        WHERE end_snapshot IS NULL
                        """,
                                        row -> row.getString(1),
                                        session.address().dataPath())
                                .orElseThrow()))
                .isZero();
    }

    @Test
    void filesOfTheTargetSizeAreLeftAlone() {
        lake.insert(0, 1_000, 1);
        lake.insert(1_000, 1_000, 1);
        MergePolicy tiny = new MergePolicy(100, Duration.ofHours(12), MergePolicy.Extent.FULL);
        assertThat(lake.plan(tiny)).isEmpty();
    }

    @Test
    void aDeleteIsNotUndone() {
        lake.insert(0, 100, 1);
        lake.insert(100, 100, 1);
        lake.insert(200, 100, 1);
        session.execute("DELETE FROM lake.trips WHERE id = 5");
        lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(299);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id = 5"))
                .isZero();
    }

    @Test
    void nothingIsDeletedBeforeSnapshotsExpireAndTheGraceIsOver() {
        lake.insert(0, 100, 2);
        lake.insert(100, 100, 2);
        List<Long> before = lake.content(session);
        lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT);
        long withReplaced = lake.storedFiles();
        assertThat(withReplaced).isEqualTo(6);

        assertThat(expire(Duration.ofDays(6))).isEqualTo(new SnapshotExpiry.Expired(0, 0));
        assertThat(lake.storedFiles()).isEqualTo(withReplaced);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips AT (VERSION => "
                        + session.queryLong("SELECT max(snapshot_id) - 2 FROM lake.snapshots()") + ")"))
                .isEqualTo(200);

        // The engine notes by its own clock when a file became unneeded, which is now.
        assertThat(expire(Duration.ofDays(8)).snapshots()).isPositive();
        assertThat(lake.storedFiles()).isEqualTo(withReplaced);
        assertThat(expire(Duration.ofDays(1)).files()).isZero();
        assertThat(lake.storedFiles()).isEqualTo(withReplaced);
        assertThat(expire(Duration.ofDays(3)).files()).isEqualTo(4);
        assertThat(lake.storedFiles()).isEqualTo(2);
        assertThat(lake.content(session)).isEqualTo(before);
        assertThat(session.queryLong("SELECT count(*) FROM lake.snapshots()")).isEqualTo(1);
    }

    @Test
    void aReaderThatBeganBeforeGoesOnWhileFilesAreMerged() {
        lake.insert(0, 1_000, 4);
        lake.insert(1_000, 1_000, 4);
        try (LakeSession reader = lake.open(SessionOptions.Access.READ)) {
            List<Long> before = lake.content(reader);
            reader.execute("BEGIN TRANSACTION READ ONLY");
            assertThat(lake.content(reader)).isEqualTo(before);
            lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT);
            new SnapshotExpiry(session, RETENTION, Clock.systemUTC(), RETRY).run(List.of(TRIPS));
            assertThat(lake.content(reader)).isEqualTo(before);
            reader.execute("COMMIT");
            assertThat(lake.content(reader)).isEqualTo(before);
        }
    }

    @Test
    void aReaderWhoAsksAllTheTimeNeverSeesFewerRows() throws Exception {
        for (int file = 0; file < 4; file++) {
            lake.insert(file * 1_000L, 1_000, 100);
        }
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Set<Long>> seen = thread.submit(() -> {
            Set<Long> counts = new HashSet<>();
            try (LakeSession reader = lake.open(SessionOptions.Access.READ)) {
                while (!ended.get()) {
                    counts.add(reader.queryLong("SELECT count(*) FROM lake.trips"));
                    counts.add(reader.queryLong("SELECT count(id) FROM lake.trips WHERE id >= 0"));
                }
            }
            return counts;
        });
        try {
            assertThat(lake.compact(FULL).after().files()).isEqualTo(100);
        } finally {
            ended.set(true);
            thread.shutdown();
        }
        assertThat(seen.get()).containsExactly(4_000L);
    }

    @Test
    void aDeleteThatCommitsDuringAMergeIsNotUndone() {
        lake.insert(0, 100, 1);
        lake.insert(100, 100, 1);
        LeasedRun run =
                ((RunStart.Started) LeasedRun.begin(session, TRIPS, TripsLake.terms(Clock.systemUTC(), RETRY))).run();
        List<PlannedMerge> planned = lake.plan(FULL);
        try (LakeSession analyst = lake.open(SessionOptions.Access.WRITE)) {
            analyst.execute("DELETE FROM lake.trips WHERE id = 5");
        }
        MergeStep step = new MergeStep(lake.environment(Clock.systemUTC(), RETRY), CONTRACT, FULL.targetFileBytes());
        assertThatThrownBy(() -> step.run(run, planned)).isInstanceOf(ChangedMeanwhileException.class);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(199);
        run.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());

        assertThat(lake.compact(FULL).after().files()).isEqualTo(1);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(199);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id = 5"))
                .isZero();
    }

    @RepeatedTest(5)
    void deletesAndMergesAtOnceLoseNeither() throws Exception {
        for (int file = 0; file < 6; file++) {
            lake.insert(file * 100L, 100, 20);
        }
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Integer> deleted = thread.submit(() -> {
            int count = 0;
            try (LakeSession analyst = lake.open(SessionOptions.Access.WRITE)) {
                for (int id = 0; id < 600; id += 30) {
                    int deletedId = id;
                    CommitResult<Long> result = Transaction.run(
                            analyst, () -> analyst.update("DELETE FROM lake.trips WHERE id = " + deletedId));
                    count += result instanceof CommitResult.Committed ? 1 : 0;
                }
            }
            return count;
        });
        thread.shutdown();
        CommitRetry patient = new CommitRetry(50, Duration.ofMillis(5), Duration.ofMillis(100));
        new Compactor(lake.environment(Clock.systemUTC(), patient), FULL, Budget.UNLIMITED).compact(CONTRACT);
        int left = 600 - deleted.get();
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(left);
    }

    @Test
    void whileAnotherCompactsTheSecondIsToldToComeBack() {
        lake.insert(0, 100, 1);
        lake.insert(100, 100, 1);
        LeasedRun.begin(session, TRIPS, TripsLake.terms(Clock.systemUTC(), RETRY));
        assertThat(lake.compactor(FULL, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT))
                .isInstanceOf(CompactResult.HeldByAnother.class);
    }

    @Test
    void aListOfFilesToDeleteThatIsWrongIsNotFollowed() {
        lake.insert(0, 100, 1);
        session.execute("""
                INSERT INTO __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion
                SELECT data_file_id, path, path_is_relative, TIMESTAMPTZ '2020-01-01 00:00:00Z'
                FROM __ducklake_metadata_lake.ducklake_data_file
                """);
        assertThatThrownBy(() -> expire(Duration.ofDays(1))).hasMessageContaining("nothing was deleted");
        assertThat(lake.storedFiles()).isEqualTo(1);
    }

    private SnapshotExpiry.Expired expire(Duration later) {
        Clock clock = Clock.offset(Clock.systemUTC(), later);
        return new SnapshotExpiry(session, RETENTION, clock, RETRY).run(List.of(TRIPS));
    }
}
