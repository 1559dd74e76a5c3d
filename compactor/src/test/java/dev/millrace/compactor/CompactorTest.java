package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitResult;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Transaction;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
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
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.SchemaBuilder;
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
    private static final DatasetName TRIPS = DatasetName.parse("trips");
    private static final Contract CONTRACT = new Contract(
            TRIPS,
            SchemaBuilder.record("Trip")
                    .fields()
                    .requiredLong("id")
                    .requiredInt("day")
                    .endRecord(),
            List.of("day"),
            List.of("id"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);
    private static final CompactSettings SETTINGS = new CompactSettings(1_000_000);
    private static final SnapshotRetention RETENTION =
            new SnapshotRetention(Duration.ofDays(7), 100_000, Duration.ofDays(2));

    /** Nobody else writes here: what is not committed soon never will be. */
    private static final CommitRetry RETRY = new CommitRetry(3, Duration.ofMillis(1), Duration.ofMillis(10));

    @TempDir
    Path folder;

    private ObjectStore lakeData;
    private LakeSession session;

    @BeforeEach
    void open() {
        lakeData = LakeStand.data(folder);
        session = open(SessionOptions.Access.CREATE);
        PipelineTables.install(session);
        new DatasetTable(session, TRIPS).apply(CONTRACT);
        session.reconnect();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private LakeSession open(SessionOptions.Access access) {
        return LakeStand.open(folder, access);
    }

    private Compactor compactor(CompactSettings settings, Clock clock) {
        return new Compactor(new CompactEnvironment(session, lakeData, terms(clock)), settings);
    }

    private static LeasedRun.Terms terms(Clock clock) {
        return new LeasedRun.Terms(Activity.COMPACT, Worker.current(), Duration.ofMinutes(5), clock, RETRY);
    }

    private void insert(long first, int rows, int days) {
        session.execute(
                "INSERT INTO lake.trips SELECT i, (i % ?)::INTEGER FROM range(?, ?) r(i)", days, first, first + rows);
    }

    private List<Long> content(LakeSession reader) {
        return reader.query(
                "SELECT sum(hash(id, day))::HUGEINT % 1000000007 FROM lake.trips UNION ALL SELECT count(*) FROM lake.trips",
                row -> row.getLong(1));
    }

    private long filesOnDisk() {
        AtomicLong files = new AtomicLong();
        lakeData.list("main/trips/", page -> files.addAndGet(page.size()));
        return files.get();
    }

    @Test
    void manySmallFilesBecomeOneAPartition() {
        for (int file = 0; file < 12; file++) {
            insert(file * 100L, 100, 20);
        }
        List<Long> before = content(session);

        CompactResult.Done done =
                (CompactResult.Done) compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT);

        assertThat(done.filesBefore()).isEqualTo(240);
        assertThat(done.filesAfter()).isEqualTo(20);
        assertThat(content(session)).isEqualTo(before);
        assertThat(session.query("SELECT outcome FROM lake.millrace.run", row -> row.getString(1)))
                .containsExactly("succeeded");
        assertThat(compactor(SETTINGS, Clock.systemUTC()).plan(TRIPS)).isEmpty();
        assertThat(((CompactResult.Done) compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT)).runId())
                .isEmpty();
    }

    @Test
    void mergedFilesAreSortedByTheContract() {
        insert(500, 100, 1);
        insert(0, 100, 1);
        compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT);
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
        insert(0, 1_000, 1);
        insert(1_000, 1_000, 1);
        CompactSettings tiny = new CompactSettings(100);
        assertThat(compactor(tiny, Clock.systemUTC()).plan(TRIPS)).isEmpty();
    }

    @Test
    void aDeleteIsNotUndone() {
        insert(0, 100, 1);
        insert(100, 100, 1);
        insert(200, 100, 1);
        session.execute("DELETE FROM lake.trips WHERE id = 5");
        compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(299);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id = 5"))
                .isZero();
    }

    @Test
    void nothingIsDeletedBeforeSnapshotsExpireAndTheGraceIsOver() {
        insert(0, 100, 2);
        insert(100, 100, 2);
        List<Long> before = content(session);
        compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT);
        long withReplaced = filesOnDisk();
        assertThat(withReplaced).isEqualTo(6);

        assertThat(expire(Duration.ofDays(6))).isEqualTo(new SnapshotExpiry.Expired(0, 0));
        assertThat(filesOnDisk()).isEqualTo(withReplaced);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips AT (VERSION => "
                        + session.queryLong("SELECT max(snapshot_id) - 2 FROM lake.snapshots()") + ")"))
                .isEqualTo(200);

        // The engine notes by its own clock when a file became unneeded, which is now.
        assertThat(expire(Duration.ofDays(8)).snapshots()).isPositive();
        assertThat(filesOnDisk()).isEqualTo(withReplaced);
        assertThat(expire(Duration.ofDays(1)).files()).isZero();
        assertThat(filesOnDisk()).isEqualTo(withReplaced);
        assertThat(expire(Duration.ofDays(3)).files()).isEqualTo(4);
        assertThat(filesOnDisk()).isEqualTo(2);
        assertThat(content(session)).isEqualTo(before);
        assertThat(session.queryLong("SELECT count(*) FROM lake.snapshots()")).isEqualTo(1);
    }

    @Test
    void aReaderThatBeganBeforeGoesOnWhileFilesAreMerged() {
        insert(0, 1_000, 4);
        insert(1_000, 1_000, 4);
        try (LakeSession reader = open(SessionOptions.Access.READ)) {
            List<Long> before = content(reader);
            reader.execute("BEGIN TRANSACTION READ ONLY");
            assertThat(content(reader)).isEqualTo(before);
            compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT);
            new SnapshotExpiry(session, RETENTION, Clock.systemUTC(), RETRY).run(List.of(TRIPS));
            assertThat(content(reader)).isEqualTo(before);
            reader.execute("COMMIT");
            assertThat(content(reader)).isEqualTo(before);
        }
    }

    @Test
    void aReaderWhoAsksAllTheTimeNeverSeesFewerRows() throws Exception {
        for (int file = 0; file < 4; file++) {
            insert(file * 1_000L, 1_000, 100);
        }
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Set<Long>> seen = thread.submit(() -> {
            Set<Long> counts = new HashSet<>();
            try (LakeSession reader = open(SessionOptions.Access.READ)) {
                while (!ended.get()) {
                    counts.add(reader.queryLong("SELECT count(*) FROM lake.trips"));
                    counts.add(reader.queryLong("SELECT count(id) FROM lake.trips WHERE id >= 0"));
                }
            }
            return counts;
        });
        try {
            assertThat(((CompactResult.Done)
                                    compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT))
                            .filesAfter())
                    .isEqualTo(100);
        } finally {
            ended.set(true);
            thread.shutdown();
        }
        assertThat(seen.get()).containsExactly(4_000L);
    }

    @Test
    void aDeleteThatCommitsDuringAMergeIsNotUndone() {
        insert(0, 100, 1);
        insert(100, 100, 1);
        LeasedRun run = ((RunStart.Started) LeasedRun.begin(session, TRIPS, terms(Clock.systemUTC()))).run();
        List<PlannedMerge> planned = compactor(SETTINGS, Clock.systemUTC()).plan(TRIPS);
        try (LakeSession analyst = open(SessionOptions.Access.WRITE)) {
            analyst.execute("DELETE FROM lake.trips WHERE id = 5");
        }
        MergeStep step = new MergeStep(
                new CompactEnvironment(session, lakeData, terms(Clock.systemUTC())),
                CONTRACT,
                SETTINGS.targetFileBytes());
        assertThatThrownBy(() -> step.run(run, planned)).isInstanceOf(ChangedMeanwhileException.class);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(199);
        run.end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());

        assertThat(((CompactResult.Done) compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT)).filesAfter())
                .isEqualTo(1);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(199);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id = 5"))
                .isZero();
    }

    @RepeatedTest(5)
    void deletesAndMergesAtOnceLoseNeither() throws Exception {
        for (int file = 0; file < 6; file++) {
            insert(file * 100L, 100, 20);
        }
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Integer> deleted = thread.submit(() -> {
            int count = 0;
            try (LakeSession analyst = open(SessionOptions.Access.WRITE)) {
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
        Clock clock = Clock.systemUTC();
        new Compactor(
                        new CompactEnvironment(
                                session,
                                lakeData,
                                new LeasedRun.Terms(
                                        Activity.COMPACT,
                                        Worker.current(),
                                        Duration.ofMinutes(5),
                                        clock,
                                        new CommitRetry(50, Duration.ofMillis(5), Duration.ofMillis(100)))),
                        SETTINGS)
                .compact(CONTRACT);
        int left = 600 - deleted.get();
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips")).isEqualTo(left);
    }

    @Test
    void whileAnotherCompactsTheSecondIsToldToComeBack() {
        insert(0, 100, 1);
        insert(100, 100, 1);
        LeasedRun.begin(session, TRIPS, terms(Clock.systemUTC()));
        assertThat(compactor(SETTINGS, Clock.systemUTC()).compact(CONTRACT))
                .isInstanceOf(CompactResult.HeldByAnother.class);
    }

    @Test
    void aListOfFilesToDeleteThatIsWrongIsNotFollowed() {
        insert(0, 100, 1);
        session.execute("""
                INSERT INTO __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion
                SELECT data_file_id, path, path_is_relative, TIMESTAMPTZ '2020-01-01 00:00:00Z'
                FROM __ducklake_metadata_lake.ducklake_data_file
                """);
        assertThatThrownBy(() -> expire(Duration.ofDays(1))).hasMessageContaining("nothing was deleted");
        assertThat(filesOnDisk()).isEqualTo(1);
    }

    private SnapshotExpiry.Expired expire(Duration later) {
        Clock clock = Clock.offset(Clock.systemUTC(), later);
        return new SnapshotExpiry(session, RETENTION, clock, RETRY).run(List.of(TRIPS));
    }
}
