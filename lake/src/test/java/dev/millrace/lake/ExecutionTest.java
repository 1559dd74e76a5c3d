package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the run table tells the story of each execution, and nothing of one that had nothing to do; and that it is pruned. */
@Tag("stand")
class ExecutionTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration TERM = Duration.ofMinutes(5);
    private static final List<DatasetName> DATASETS = List.of("alpha", "beta", "gamma", "delta").stream()
            .map(DatasetName::parse)
            .toList();
    private static final RunFilter ALL =
            new RunFilter(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), 100);

    @TempDir
    Path folder;

    private LakeSession session;

    @BeforeEach
    void makeALake() {
        session = new LakeTestBed(folder).openWithTrips();
        Contract trips = LakeTestBed.tripsContract();
        for (DatasetName dataset : DATASETS) {
            new DatasetContract(
                            session,
                            new Contract(
                                    dataset,
                                    trips.schema(),
                                    trips.partitionBy(),
                                    trips.sortBy(),
                                    trips.mode(),
                                    trips.evolution()))
                    .apply();
        }
        session.reconnect();
    }

    @AfterEach
    void close() {
        session.close();
    }

    private static Clock at(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private static Execution pass(Instant now, Worker worker) {
        return new Execution("ingest", Execution.Shape.PARENT, worker, at(now), CommitRetry.STANDARD);
    }

    private static LeasedRun.Terms terms(Instant now, Worker worker, Execution execution) {
        return new LeasedRun.Terms(
                Activity.INGEST, worker, TERM, at(now), CommitRetry.STANDARD, Optional.of(execution));
    }

    private LeasedRun started(int dataset, LeasedRun.Terms terms) {
        return ((RunStart.Started) LeasedRun.begin(session, DATASETS.get(dataset), terms)).run();
    }

    private List<String> tree() {
        return new RunSearch(session)
                .find(ALL).stream().map(ExecutionTest::line).toList();
    }

    private static String line(RunRecord run) {
        return (run.parentId().isPresent() ? "- " : "") + run.activity()
                + run.dataset().map(d -> " " + d).orElse("") + " "
                + run.outcome().word();
    }

    private static Worker gone() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return new Worker(Worker.current().host(), process.pid(), UUID.randomUUID());
    }

    @Test
    void theTreeExplainsAPassWithAFailedAFencedADiedAndASucceededRun() throws IOException, InterruptedException {
        Worker dead = gone();
        Execution pass = pass(NOON, dead);
        LeasedRun.Terms terms = terms(NOON, dead, pass);
        started(0, terms).end(RunOutcome.SUCCEEDED, new RunCounts(3, 30, 300, 0, 1), Optional.empty());
        started(1, terms).endAfter(new LakeException("the disk is full\n\nStack Trace: ..."), RunCounts.NONE);
        LeasedRun stale = started(2, terms);
        Worker other = Worker.current();
        Execution second = pass(NOON.plusSeconds(600), other);
        LeasedRun.Terms later = terms(NOON.plusSeconds(600), other, second);
        started(2, later).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        stale.endAfter(new FencedException(stale.lease()), RunCounts.NONE);
        // The process dies in the last one, without a word, and the second pass finds that out.
        started(3, terms);
        started(3, later).end(RunOutcome.SUCCEEDED, new RunCounts(1, 10, 100, 0, 1), Optional.empty());
        second.end(session);

        assertThat(tree())
                .containsExactly(
                        "ingest succeeded",
                        "- ingest gamma succeeded",
                        "- ingest delta succeeded",
                        "ingest died",
                        "- ingest alpha succeeded",
                        "- ingest beta failed",
                        "- ingest gamma fenced",
                        "- ingest delta died");
        List<RunRecord> runs = new RunSearch(session).find(ALL);
        assertThat(runs.get(0).counts()).isEqualTo(new RunCounts(1, 10, 100, 0, 1));
        assertThat(runs.get(5).error()).contains("the disk is full");
        assertThat(new RunSearch(session).startingWith(runs.get(3).runId().substring(0, 18), 5))
                .contains(runs.get(3));
    }

    @Test
    void aParentSaysWhichOfItsRunsFailed() {
        Worker worker = Worker.current();
        Execution pass = pass(NOON, worker);
        started(0, terms(NOON, worker, pass)).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        pass.failed(session, DATASETS.get(1), NOON, new LakeException("no permission to list it"));
        pass.end(session);
        assertThat(tree()).containsExactly("ingest failed", "- ingest alpha succeeded", "- ingest beta failed");
        assertThat(new RunSearch(session).find(ALL).get(0).error())
                .contains("1 of 2 runs did not succeed: beta: no permission to list it");
    }

    @Test
    void whoFindsNothingToDoOrALeaseHeldLeavesNoTrace() {
        Worker worker = Worker.current();
        Execution holder = new Execution("ingest", Execution.Shape.SINGLE, worker, at(NOON), CommitRetry.STANDARD);
        started(0, terms(NOON, worker, holder));
        Execution pass = pass(NOON, Worker.current());
        assertThat(LeasedRun.begin(session, DATASETS.get(0), terms(NOON, Worker.current(), pass)))
                .isInstanceOf(RunStart.HeldByAnother.class);
        pass.run(session, "sweep", Optional.of(DATASETS.get(1)), () -> RunCounts.NONE);
        pass.end(session);
        assertThat(tree()).containsExactly("ingest alpha running");
    }

    @Test
    void whoFindsNothingToDoAfterAFailureSaysThatItIsOver() {
        Execution failed = pass(NOON, Worker.current());
        failed.failed(session, DATASETS.get(0), NOON, new LakeException("no permission to list it"));
        failed.end(session);
        for (int minute = 1; minute < 3; minute++) {
            Execution idle = new Execution(
                    "ingest",
                    Execution.Shape.SINGLE,
                    Worker.current(),
                    at(NOON.plusSeconds(60L * minute)),
                    CommitRetry.STANDARD);
            idle.wentWell(DATASETS.get(0));
            idle.wentWell(DATASETS.get(1));
            idle.end(session);
        }
        assertThat(tree()).containsExactly("ingest alpha succeeded", "ingest failed", "- ingest alpha failed");
    }

    @Test
    void aPassThatDiedBetweenTwoRunsIsFoundByTheNextOne() throws IOException, InterruptedException {
        Worker dead = gone();
        Execution lost = pass(NOON, dead);
        started(0, terms(NOON, dead, lost)).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        Worker elsewhere = new Worker("elsewhere", 1, UUID.randomUUID());
        Execution alive = pass(NOON.plusSeconds(1), elsewhere);
        started(0, terms(NOON.plusSeconds(1), elsewhere, alive))
                .end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        Execution next = pass(NOON.plusSeconds(2), Worker.current());
        next.run(session, "sweep", Optional.of(DATASETS.get(1)), () -> new RunCounts(2, 0, 0, 0, 0));
        next.end(session);
        assertThat(tree())
                .containsExactly(
                        "ingest succeeded",
                        "- sweep beta succeeded",
                        "ingest running",
                        "- ingest alpha succeeded",
                        "ingest died",
                        "- ingest alpha succeeded");
    }

    @Test
    void filtersKeepWhatMatchesAndItsParent() {
        Worker worker = Worker.current();
        for (int hour = 0; hour < 3; hour++) {
            Instant then = NOON.plus(Duration.ofHours(hour));
            Execution pass = pass(then, worker);
            started(0, terms(then, worker, pass)).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
            started(1, terms(then, worker, pass)).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
            pass.end(session);
        }
        RunFilter filter = new RunFilter(
                List.of("beta"),
                List.of("ingest"),
                List.of("succeeded"),
                Optional.of(NOON.plusSeconds(60)),
                Optional.of(NOON.plusSeconds(60 * 60 + 1)),
                10);
        assertThat(new RunSearch(session).find(filter).stream().map(ExecutionTest::line))
                .containsExactly("ingest succeeded", "- ingest beta succeeded");
        RunFilter newest = new RunFilter(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), 2);
        assertThat(new RunSearch(session).find(newest)).hasSize(6);
    }

    @Test
    void oldRunsAreForgottenButNotThatOfALeaseNorTheLastOfItsKind() {
        Worker worker = Worker.current();
        for (int minute = 0; minute < 4; minute++) {
            Instant then = NOON.plus(Duration.ofMinutes(minute));
            Execution alone = new Execution("ingest", Execution.Shape.SINGLE, worker, at(then), CommitRetry.STANDARD);
            started(0, terms(then, worker, alone)).end(RunOutcome.SUCCEEDED, RunCounts.NONE, Optional.empty());
        }
        started(1, terms(NOON, worker, pass(NOON, worker)));
        // One of the same kind that came later: only the lease keeps the one that holds it.
        session.execute("""
                INSERT INTO lake.millrace.run (run_id, worker, activity, dataset, started_at, outcome)
                SELECT 'later', worker, activity, dataset, started_at + INTERVAL 1 HOUR, outcome
                FROM lake.millrace.run WHERE dataset = 'beta'
                """);
        RunRetention retention = new RunRetention(session, Duration.ofDays(1), CommitRetry.STANDARD);
        assertThat(retention.run(NOON.plus(Duration.ofHours(24)))).isZero();
        assertThat(retention.run(NOON.plus(Duration.ofHours(24)).plus(Duration.ofMinutes(2))))
                .isEqualTo(2);
        assertThat(retention.run(NOON.plus(Duration.ofDays(9)))).isEqualTo(1);
        assertThat(session.query(
                        "SELECT dataset FROM lake.millrace.run WHERE dataset IS NOT NULL ORDER BY dataset",
                        row -> row.getString(1)))
                .containsExactly("alpha", "beta", "beta");
    }
}
