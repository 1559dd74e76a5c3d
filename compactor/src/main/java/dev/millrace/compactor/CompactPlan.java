package dev.millrace.compactor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a compaction would do now, and what it would leave for next time.
 *
 * @param merges in the order in which they are done
 * @param left beyond the budget
 * @param estimate of the time for {@code merges}, by what the newest compactions took
 */
public record CompactPlan(List<PlannedMerge> merges, List<PlannedMerge> left, Duration estimate) {
    /** How much is to be read, or was. */
    public record Load(long files, long bytes) {
        public static final Load NONE = new Load(0, 0);

        static Load of(List<PlannedMerge> merges) {
            return new Load(
                    merges.stream().mapToLong(merge -> merge.inputs().size()).sum(),
                    merges.stream().mapToLong(PlannedMerge::inputBytes).sum());
        }

        Load plus(Load other) {
            return new Load(files + other.files, bytes + other.bytes);
        }
    }

    public CompactPlan {
        merges = List.copyOf(merges);
        left = List.copyOf(left);
    }

    /** Takes what the budget allows, from the first one on; smaller ones behind one that does not fit are taken too. */
    static CompactPlan within(Budget budget, Pace pace, List<PlannedMerge> wanted) {
        List<PlannedMerge> merges = new ArrayList<>();
        List<PlannedMerge> left = new ArrayList<>();
        Load load = Load.NONE;
        Duration estimate = Duration.ZERO;
        for (PlannedMerge merge : wanted) {
            Load mine = Load.of(List.of(merge));
            Duration longer = estimate.plus(pace.timeOf(merge));
            boolean inTime = merges.isEmpty() || longer.compareTo(budget.maxTime()) <= 0;
            if (inTime && budget.allows(load, mine)) {
                merges.add(merge);
                load = load.plus(mine);
                estimate = longer;
            } else {
                left.add(merge);
            }
        }
        return new CompactPlan(merges, left, estimate);
    }

    public Load load() {
        return Load.of(merges);
    }

    public Load leftLoad() {
        return Load.of(left);
    }
}
