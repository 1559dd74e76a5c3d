package dev.millrace.lake;

import com.fasterxml.uuid.Generators;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a command: the runs that it starts, and, where it is a parent, their parent run. It writes nothing until a run begins
 * or something fails, so that an execution that finds nothing to do, or leases of others, leaves no trace. From its making to {@link #end}.
 *
 * <p>Not thread-safe. When the process dies, the parent is recorded as died together with the run that had a lease then, or by a later
 * execution of a worker that sees that the process is gone.
 */
public final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    /** Whether the execution is a run of its own. */
    public enum Shape {
        /** Its runs have no parent: it works on one dataset. */
        SINGLE,
        /** It is the parent of its runs. */
        PARENT
    }

    /** What there may be to do. */
    private record Work(String activity, Optional<DatasetName> dataset) {}

    private final String runId = Generators.timeBasedEpochGenerator().generate().toString();
    private final String activity;
    private final Shape shape;
    private final Worker worker;
    private final Clock clock;
    private final CommitRetry retry;
    private final Instant startedAt;
    private final Set<DatasetName> begun = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final Set<Work> idle = new HashSet<>();
    private final RetryLog retries = new RetryLog();
    private RunOutcome worst = RunOutcome.SUCCEEDED;
    private RunCounts counts = RunCounts.NONE;
    private int runs;
    private boolean isRecorded;

    /** @param activity in the run table's column of that name */
    public Execution(String activity, Shape shape, Worker worker, Clock clock, CommitRetry retry) {
        this.activity = activity;
        this.shape = shape;
        this.worker = worker;
        this.clock = clock;
        this.retry = retry;
        this.startedAt = clock.instant();
    }

    /** The time by its clock, for {@link #failed}. */
    public Instant now() {
        return clock.instant();
    }

    /** The id that its runs name as their parent. */
    Optional<String> parentId() {
        return shape == Shape.PARENT ? Optional.of(runId) : Optional.empty();
    }

    /** Records itself, inside of the transaction that records a run of it; {@link #recorded} when that has committed. */
    void record(LakeSession session) {
        if (shape == Shape.PARENT && !isRecorded) {
            RunTable table = new RunTable(session);
            table.settleParents(clock.instant());
            table.beginParent(runId, worker, activity, startedAt);
        }
    }

    void recorded() {
        isRecorded = true;
    }

    void begun(DatasetName dataset) {
        recorded();
        begun.add(dataset);
    }

    /** There was nothing to do for a dataset, or its run has ended well. */
    public void wentWell(DatasetName dataset) {
        if (!begun.contains(dataset)) {
            idle.add(new Work(activity, Optional.of(dataset)));
        }
    }

    /** A run of it has ended. */
    void ended(RunSummary run, RetryLog retried) {
        runs++;
        if (run.activity().equals(activity)) {
            // What is counted of others, such as staged files that were swept, is something else.
            counts = counts.plus(run.counts());
        }
        retries.addAll(retried);
        if (run.outcome() == RunOutcome.FAILED
                || (run.outcome() == RunOutcome.FENCED && worst == RunOutcome.SUCCEEDED)) {
            worst = run.outcome();
        }
        if (run.outcome() != RunOutcome.SUCCEEDED) {
            failures.add(run.dataset().map(DatasetName::toString).orElse(run.activity()) + ": "
                    + run.error().orElse(run.outcome().word()));
        }
    }

    /**
     * Records a failure as a run of a dataset that has failed, unless a run had begun, which tells of it. What can't be recorded, since the
     * catalog is away, is carried along by the cause.
     */
    public void failed(LakeSession session, DatasetName dataset, Instant since, RuntimeException cause) {
        if (begun.contains(dataset)) {
            return;
        }
        UnleasedRun run = UnleasedRun.failed(activity, Optional.of(dataset), since, cause);
        if (cause instanceof CatalogUnreachableException) {
            // It has been waited for already.
            ended(RunSummary.of(run), new RetryLog());
        } else {
            failed(session, run, cause);
        }
    }

    private void failed(LakeSession session, UnleasedRun run, RuntimeException cause) {
        try {
            record(session, run);
        } catch (RuntimeException e) {
            LOG.warn("The failure could not be recorded: {}", e.getMessage());
            cause.addSuppressed(e);
        }
    }

    /**
     * Does something that takes no lease and records it as a run of this execution when it has come to something, or has failed.
     *
     * @param activity in the run table's column of that name
     * @param work returns what it has done; {@link RunCounts#NONE} when there was nothing to do
     */
    public void run(LakeSession session, String activity, Optional<DatasetName> dataset, UnleasedRun.Work work) {
        Instant since = clock.instant();
        RunCounts done;
        try {
            done = work.run();
        } catch (RuntimeException e) {
            failed(session, UnleasedRun.failed(activity, dataset, since, e), e);
            throw e;
        }
        if (done.equals(RunCounts.NONE)) {
            idle.add(new Work(activity, dataset));
        } else {
            record(session, new UnleasedRun(activity, dataset, since, RunOutcome.SUCCEEDED, done, Optional.empty()));
        }
    }

    /** Records a run that took no lease, when it is over. */
    public void record(LakeSession session, UnleasedRun run) {
        String childId = Generators.timeBasedEpochGenerator().generate().toString();
        RetryLog retried = new RetryLog();
        RunTable table = new RunTable(session);
        try {
            retry.run(
                    session,
                    "recording a run (" + run.activity() + ")",
                    () -> {
                        record(session);
                        table.begin(childId, parentId(), worker, run.activity(), run.dataset(), run.startedAt());
                        table.end(
                                childId,
                                new RunTable.End(clock.instant(), run.outcome(), run.counts(), retried, run.error()));
                        return true;
                    },
                    () -> table.hasEnded(childId, run.outcome()),
                    retried::add);
            recorded();
        } finally {
            ended(RunSummary.of(run), retried);
        }
    }

    /**
     * Records how it ended, where it is a parent and any of its runs was recorded. Where there was nothing to do and the last run had failed,
     * that is over, and is recorded as a run that succeeded. What can't be recorded is logged.
     */
    public void end(LakeSession session) {
        try {
            recordRecovery(session);
            endParent(session);
        } catch (RuntimeException e) {
            // The runs that it started stand there; a later execution records that this one is gone.
            LOG.warn("The end of run {} could not be recorded: {}", runId, e.getMessage());
        }
    }

    private void recordRecovery(LakeSession session) {
        if (idle.isEmpty()) {
            return;
        }
        for (RunTable.Failing failing : new RunTable(session).failing()) {
            if (idle.contains(new Work(failing.activity(), failing.dataset()))) {
                record(
                        session,
                        new UnleasedRun(
                                failing.activity(),
                                failing.dataset(),
                                clock.instant(),
                                RunOutcome.SUCCEEDED,
                                RunCounts.NONE,
                                Optional.empty()));
            }
        }
    }

    private void endParent(LakeSession session) {
        if (shape == Shape.SINGLE || !isRecorded) {
            return;
        }
        RunTable table = new RunTable(session);
        Optional<String> error = failures.isEmpty()
                ? Optional.empty()
                : Optional.of(failures.size() + " of " + runs + (runs == 1 ? " run" : " runs") + " did not succeed: "
                        + String.join("; ", failures));
        retry.run(
                session,
                "recording the end of run " + runId,
                () -> {
                    table.end(runId, new RunTable.End(clock.instant(), worst, counts, retries, error));
                    return true;
                },
                () -> table.hasEnded(runId, worst),
                retries::add);
    }
}
