package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.Lease;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of one compaction, and what they have come to. Its time begins when it is made. */
final class MergeSteps {
    private static final Logger LOG = LoggerFactory.getLogger(MergeSteps.class);

    /** Keeps the transaction of a step well below a quarter of a second: its length grows with the files to register. */
    private static final int MERGES_A_STEP = 16;

    /** Somebody who deletes all the time is given way to this often. */
    private static final int MAX_CHANGES_MEANWHILE = 50;

    private final CurrentStep current;
    private final Budget budget;
    private final MergeSlices slices;
    private final BooleanSupplier isStopAsked;
    private final Clock clock;
    private final Instant end;
    private int changesMeanwhile;
    private int mergesAStep = MERGES_A_STEP;
    private RunCounts counts = RunCounts.NONE;
    private CompactPlan.Load load = CompactPlan.Load.NONE;
    private CompactPlan.Load left = CompactPlan.Load.NONE;
    private Duration longest = Duration.ZERO;

    /**
     * @param isStopAsked whether no further step is to be begun
     */
    MergeSteps(CurrentStep current, Clock clock, Budget budget, MergeSlices slices, BooleanSupplier isStopAsked) {
        this.current = current;
        this.clock = clock;
        this.budget = budget;
        this.slices = slices;
        this.isStopAsked = isStopAsked;
        this.end = clock.instant().plus(budget.maxTime());
    }

    /**
     * Merges until nothing is left that is worth it, or that the budget allows.
     *
     * @param first the merges of the slices that were seen already
     * @throws ChangedMeanwhileException when somebody changes the files again and again
     * @throws RowCountException when a step would have changed the number of rows
     */
    void run(LeasedRun run, List<PlannedMerge> first) {
        List<PlannedMerge> merges = first;
        while (!merges.isEmpty()) {
            List<PlannedMerge> beyond = runSlice(run, merges);
            if (!beyond.isEmpty()) {
                left = CompactPlan.Load.of(beyond);
                return;
            }
            merges = slices.next(clock.instant());
        }
    }

    /** Returns what the budget does not allow any more. */
    private List<PlannedMerge> runSlice(LeasedRun run, List<PlannedMerge> merges) {
        List<PlannedMerge> waiting = merges;
        while (!waiting.isEmpty()) {
            List<PlannedMerge> step = slices.nextStep(waiting, mergesAStep);
            boolean inTime = counts.commits() == 0 || clock.instant().isBefore(end);
            if (!inTime || isStopAsked.getAsBoolean() || !budget.allows(load, CompactPlan.Load.of(step))) {
                return waiting;
            }
            try {
                merge(run, step);
                waiting =
                        waiting.stream().filter(merge -> !step.contains(merge)).toList();
            } catch (ChangedMeanwhileException e) {
                if (++changesMeanwhile > MAX_CHANGES_MEANWHILE) {
                    throw e;
                }
                LOG.info("{}. Planning anew.", e.getMessage());
                // A smaller step is a shorter time in which somebody may delete.
                mergesAStep = Math.max(1, mergesAStep / 2);
                slices.lookAgain();
                return List.of();
            } catch (MemoryException e) {
                if (!slices.shrink(step)) {
                    throw e;
                }
                LOG.warn("{}. Until then it is compacted to smaller files.", e.getMessage());
                return List.of();
            }
        }
        return waiting;
    }

    private void merge(LeasedRun run, List<PlannedMerge> step) {
        CommitRetry.Outcome<Lease> outcome = current.step().run(run, step);
        CompactPlan.Load merged = CompactPlan.Load.of(step);
        long rows = step.stream().mapToLong(PlannedMerge::inputRows).sum();
        load = load.plus(merged);
        counts = counts.plus(new RunCounts(merged.files(), rows, merged.bytes(), 0, 1));
        longest = outcome.elapsed().compareTo(longest) > 0 ? outcome.elapsed() : longest;
    }

    /** What was merged until now. */
    RunCounts counts() {
        return counts;
    }

    /** What the budget did not allow, at least. */
    CompactPlan.Load left() {
        return left;
    }

    /** The longest transaction of a step. */
    Duration longest() {
        return longest;
    }
}
