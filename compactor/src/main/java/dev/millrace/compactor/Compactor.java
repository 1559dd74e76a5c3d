package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small files of a dataset.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: each step is a transaction of its own, and
 * the next compaction goes on where this one was.
 */
public final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    /** Keeps the transaction of a step well below a quarter of a second: its length grows with the files to register. */
    private static final int MERGES_A_STEP = 16;

    /** Somebody who deletes all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 50;

    private final CompactEnvironment environment;
    private final LakeSession session;
    private final CompactSettings settings;

    public Compactor(CompactEnvironment environment, CompactSettings settings) {
        this.environment = environment;
        this.session = environment.session();
        this.settings = settings;
    }

    /** The merges that {@link #compact} would make now. */
    public List<PlannedMerge> plan(DatasetName dataset) {
        return planner().plan(new LakeInspection(session).mergeableFiles(dataset, settings.targetFileBytes()));
    }

    private MergePlanner planner() {
        return new MergePlanner(settings.targetFileBytes());
    }

    /**
     * Merges what is worth it.
     *
     * @throws RowCountException when a step would have changed the number of rows
     * @throws dev.millrace.lake.LakeException when the lake refuses; the steps before stay, the run is recorded as failed
     */
    public CompactResult compact(Contract contract) {
        DatasetName dataset = contract.dataset();
        DatasetTable table = new DatasetTable(session, dataset);
        DatasetTable.Size before = table.size();
        if (plan(dataset).isEmpty()) {
            return done(dataset, Optional.empty(), before, before, RunCounts.NONE, Duration.ZERO);
        }
        RunStart start = LeasedRun.begin(session, dataset, environment.terms());
        if (start instanceof RunStart.HeldByAnother held) {
            return new CompactResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        Steps steps = new Steps(contract, run);
        try {
            steps.runAll();
            DatasetTable.Size after = table.size();
            run.end(RunOutcome.SUCCEEDED, steps.counts, Optional.empty());
            return done(dataset, Optional.of(run.runId()), before, after, steps.counts, steps.longest);
        } catch (RuntimeException e) {
            run.endAfter(e, steps.counts);
            throw e;
        }
    }

    /** The steps of one compaction and what they have come to. */
    private final class Steps {
        private final Contract contract;
        private final LeasedRun run;
        private RunCounts counts = RunCounts.NONE;
        private Duration longest = Duration.ZERO;

        Steps(Contract contract, LeasedRun run) {
            this.contract = contract;
            this.run = run;
        }

        void runAll() {
            int changesMeanwhile = 0;
            int mergesAStep = MERGES_A_STEP;
            List<PlannedMerge> left = plan(contract.dataset());
            while (!left.isEmpty()) {
                List<PlannedMerge> step = planner().nextStep(left, mergesAStep);
                try {
                    merge(step);
                    left = left.stream().filter(merge -> !step.contains(merge)).toList();
                } catch (ChangedMeanwhileException e) {
                    if (++changesMeanwhile > MAX_CHANGES_MEANWHILE) {
                        throw e;
                    }
                    LOG.info("{} Planning anew.", e.getMessage());
                    // A smaller step is a shorter time in which somebody may delete.
                    mergesAStep = Math.max(1, mergesAStep / 2);
                    left = plan(contract.dataset());
                }
            }
        }

        private void merge(List<PlannedMerge> step) {
            CommitRetry.Outcome<Lease> outcome =
                    new MergeStep(environment, contract, settings.targetFileBytes()).run(run, step);
            counts = counts.plus(new RunCounts(
                    step.stream().mapToLong(merge -> merge.inputs().size()).sum(),
                    step.stream().mapToLong(PlannedMerge::inputRows).sum(),
                    step.stream().mapToLong(PlannedMerge::inputBytes).sum(),
                    0,
                    1));
            longest = outcome.elapsed().compareTo(longest) > 0 ? outcome.elapsed() : longest;
        }
    }

    private static CompactResult.Done done(
            DatasetName dataset,
            Optional<String> runId,
            DatasetTable.Size before,
            DatasetTable.Size after,
            RunCounts counts,
            Duration longest) {
        return new CompactResult.Done(
                dataset,
                runId,
                after.rows(),
                before.files(),
                after.files(),
                before.bytes(),
                after.bytes(),
                counts.commits(),
                longest);
    }
}
