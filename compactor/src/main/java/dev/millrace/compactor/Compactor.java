package dev.millrace.compactor;

import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetOptions;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Merges the small files of a dataset, and writes those anew of which much is deleted.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: each step is a transaction of its own, and
 * the next compaction goes on where this one was.
 */
public final class Compactor {
    private final CompactEnvironment environment;
    private final LakeSession session;
    private final MergePolicy policy;
    private final Budget budget;
    private final Clock clock;

    public Compactor(CompactEnvironment environment, MergePolicy policy, Budget budget) {
        this.environment = environment;
        this.session = environment.session();
        this.policy = policy;
        this.budget = budget;
        this.clock = environment.terms().clock();
    }

    /** What the catalog says of a dataset, and what {@link #compact} would do now. Changes nothing. */
    public DatasetState inspect(Contract contract) {
        DatasetInspection inspection = inspection(contract);
        List<PartitionState> partitions = inspection.partitions();
        List<LakeFile> inlined = inspection.inlinedRows();
        List<PlannedMerge> merges =
                slices(contract, inspection, currentStep(contract)).next(inlined, partitions, clock.instant());
        Pace pace = Pace.of(new CompactionSteps(session).pace());
        return new DatasetState(
                contract.dataset(),
                partitions,
                inlined.stream().mapToLong(LakeFile::rows).sum(),
                CompactPlan.within(budget, pace, merges));
    }

    /**
     * Merges what is worth it. When nothing is, no lease is taken and nothing is written.
     *
     * @throws RowCountException when a step would have changed the number of rows
     * @throws dev.millrace.lake.LakeException when the lake refuses; the steps before stay, the run is recorded as failed
     */
    public CompactResult compact(Contract contract) {
        return compact(contract, () -> false);
    }

    /**
     * As {@link #compact(Contract)}; begins no further step when it is asked to stop, and leaves the rest for next time.
     *
     * @param isStopAsked asked before each step, on this thread
     */
    public CompactResult compact(Contract contract, BooleanSupplier isStopAsked) {
        DatasetName dataset = contract.dataset();
        DatasetTable table = new DatasetTable(session, dataset);
        DatasetTable.Size before = table.size();
        CurrentStep current = currentStep(contract);
        MergeSlices slices = slices(contract, inspection(contract), current);
        // Under the lease it is not looked for again: a step notices by the rows of its files that somebody was there
        // meanwhile.
        List<PlannedMerge> first = slices.next(clock.instant());
        if (first.isEmpty()) {
            return new CompactResult.Done(
                    dataset, Optional.empty(), before, before, 0, CompactPlan.Load.NONE, Duration.ZERO);
        }
        RunStart start = LeasedRun.begin(session, dataset, environment.terms());
        if (start instanceof RunStart.HeldByAnother held) {
            return new CompactResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        MergeSteps steps = new MergeSteps(current, clock, budget, slices, isStopAsked);
        try {
            new DatasetOptions(session, dataset).endInlining();
            steps.run(run, first);
            DatasetTable.Size after = table.size();
            run.end(RunOutcome.SUCCEEDED, steps.counts(), Optional.empty());
            return new CompactResult.Done(
                    dataset,
                    Optional.of(run.runId()),
                    before,
                    after,
                    steps.counts().commits(),
                    steps.left(),
                    steps.longest());
        } catch (RuntimeException e) {
            run.endAfter(e, steps.counts());
            throw e;
        }
    }

    private DatasetInspection inspection(Contract contract) {
        return new DatasetInspection(
                session, contract.dataset(), policy.of(contract).targetFileBytes());
    }

    private CurrentStep currentStep(Contract contract) {
        return new CurrentStep(environment, contract, policy.of(contract).targetFileBytes());
    }

    private MergeSlices slices(Contract contract, DatasetInspection inspection, CurrentStep current) {
        return new MergeSlices(inspection, new MergePlanner(policy.of(contract)), () -> current.step()
                .isInCatalog());
    }
}
