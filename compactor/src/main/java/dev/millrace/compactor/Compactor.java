package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.CompactionSteps;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunStart;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges the small files of a dataset, and writes those anew of which much is deleted.
 *
 * <p>Not thread-safe; uses its session's thread. May be killed at any moment: each step is a transaction of its own, and
 * the next compaction goes on where this one was.
 */
public final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    /** Keeps the transaction of a step well below a quarter of a second: its length grows with the files to register. */
    private static final int MERGES_A_STEP = 16;

    /** So many files are thought about at a time, so that a backlog of any size fits into a small heap. */
    private static final int FILES_A_SLICE = 20_000;

    /** Somebody who deletes all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 50;

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
        DatasetName dataset = contract.dataset();
        Slices slices = slices(contract);
        DatasetInspection inspection = slices.inspection;
        List<PartitionState> partitions = inspection.partitions();
        Pace pace = Pace.of(new CompactionSteps(session).pace());
        return new DatasetState(
                dataset,
                partitions,
                inspection.inlinedRows().stream().mapToLong(LakeFile::rows).sum(),
                CompactPlan.within(budget, pace, slices.next(clock.instant())));
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
        if (slices(contract).next(clock.instant()).isEmpty()) {
            return done(dataset, Optional.empty(), before, before, new Work());
        }
        RunStart start = LeasedRun.begin(session, dataset, environment.terms());
        if (start instanceof RunStart.HeldByAnother held) {
            return new CompactResult.HeldByAnother(dataset, held.holder(), held.since(), held.until());
        }
        LeasedRun run = ((RunStart.Started) start).run();
        Work work = new Work();
        try {
            table.endInlining();
            new Steps(contract, run, work).runAll();
            DatasetTable.Size after = table.size();
            run.end(RunOutcome.SUCCEEDED, work.counts, Optional.empty());
            return done(dataset, Optional.of(run.runId()), before, after, work);
        } catch (RuntimeException e) {
            run.endAfter(e, work.counts);
            throw e;
        }
    }

    private Slices slices(Contract contract) {
        MergePolicy its = policy.of(contract);
        return new Slices(
                new DatasetInspection(session, contract.dataset(), its.targetFileBytes()), new MergePlanner(its));
    }

    /** Looks at some of the partitions after the other, the ones with most to win first. */
    private static final class Slices {
        private final DatasetInspection inspection;
        private final MergePlanner planner;
        private final Set<String> finished = new HashSet<>();

        Slices(DatasetInspection inspection, MergePlanner planner) {
            this.inspection = inspection;
            this.planner = planner;
        }

        /** The merges of the partitions that come next; empty when nothing is left that is worth one. */
        List<PlannedMerge> next(Instant now) {
            List<LakeFile> inlined = inspection.inlinedRows();
            if (!inlined.isEmpty()) {
                return List.of(new PlannedMerge("", inlined));
            }
            while (true) {
                List<PartitionState> look = slice(partitionsLeft(now));
                if (look.isEmpty()) {
                    return List.of();
                }
                List<PlannedMerge> merges = planner.plan(inspection.candidates(look, FILES_A_SLICE), now);
                Set<String> planned = new HashSet<>();
                merges.forEach(merge -> planned.add(merge.partition()));
                look.stream()
                        .map(PartitionState::partition)
                        .filter(partition -> !planned.contains(partition))
                        .forEach(finished::add);
                if (!merges.isEmpty()) {
                    return merges;
                }
            }
        }

        List<PartitionState> partitionsLeft(Instant now) {
            return planner.worthALook(inspection.partitions(), now).stream()
                    .filter(partition -> !finished.contains(partition.partition()))
                    .toList();
        }

        private static List<PartitionState> slice(List<PartitionState> partitions) {
            long files = 0;
            int end = 0;
            while (end < partitions.size() && (end == 0 || files < FILES_A_SLICE)) {
                files += partitions.get(end).smallFiles() + partitions.get(end).dirtyFiles();
                end++;
            }
            return partitions.subList(0, end);
        }
    }

    /** What a compaction has come to. */
    private static final class Work {
        private RunCounts counts = RunCounts.NONE;
        private CompactPlan.Load load = CompactPlan.Load.NONE;
        private CompactPlan.Load left = CompactPlan.Load.NONE;
        private Duration longest = Duration.ZERO;
    }

    /** The steps of one compaction. */
    private final class Steps {
        private final Contract contract;
        private final LeasedRun run;
        private final Work work;
        private final Slices slices;
        private final Instant end = clock.instant().plus(budget.maxTime());
        private int changesMeanwhile;
        private int mergesAStep = MERGES_A_STEP;

        Steps(Contract contract, LeasedRun run, Work work) {
            this.contract = contract;
            this.run = run;
            this.work = work;
            this.slices = slices(contract);
        }

        void runAll() {
            List<PlannedMerge> merges = slices.next(clock.instant());
            while (!merges.isEmpty()) {
                List<PlannedMerge> left = runSlice(merges);
                if (!left.isEmpty()) {
                    work.left = CompactPlan.Load.of(left);
                    return;
                }
                merges = slices.next(clock.instant());
            }
        }

        /** Returns what the budget does not allow any more. */
        private List<PlannedMerge> runSlice(List<PlannedMerge> merges) {
            List<PlannedMerge> left = merges;
            while (!left.isEmpty()) {
                List<PlannedMerge> step = slices.planner.nextStep(left, mergesAStep);
                boolean inTime = work.counts.commits() == 0 || clock.instant().isBefore(end);
                if (!inTime || !budget.allows(work.load, CompactPlan.Load.of(step))) {
                    return left;
                }
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
                    return List.of();
                }
            }
            return left;
        }

        private void merge(List<PlannedMerge> step) {
            CommitRetry.Outcome<Lease> outcome =
                    new MergeStep(environment, contract, policy.of(contract).targetFileBytes()).run(run, step);
            CompactPlan.Load load = CompactPlan.Load.of(step);
            long rows = step.stream().mapToLong(PlannedMerge::inputRows).sum();
            work.load = work.load.plus(load);
            work.counts = work.counts.plus(new RunCounts(load.files(), rows, load.bytes(), 0, 1));
            work.longest = outcome.elapsed().compareTo(work.longest) > 0 ? outcome.elapsed() : work.longest;
        }
    }

    private static CompactResult.Done done(
            DatasetName dataset, Optional<String> runId, DatasetTable.Size before, DatasetTable.Size after, Work work) {
        return new CompactResult.Done(dataset, runId, before, after, work.counts.commits(), work.left, work.longest);
    }
}
