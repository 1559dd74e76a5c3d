package dev.millrace.bench;

import java.time.Duration;
import java.util.List;

/** What the rounds took, in their order. */
record Times(List<Duration> rounds) {
    Times {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no round was measured");
        }
    }

    /** The middle one, of an even number the mean of the two in the middle. */
    Duration median() {
        List<Duration> sorted = rounds.stream().sorted().toList();
        int upper = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(upper)
                : sorted.get(upper - 1).plus(sorted.get(upper)).dividedBy(2);
    }

    Duration min() {
        return rounds.stream().min(Duration::compareTo).orElseThrow();
    }

    Duration max() {
        return rounds.stream().max(Duration::compareTo).orElseThrow();
    }

    /** How many times as long as another one the median is. */
    double ratioTo(Times other) {
        return (double) median().toNanos() / other.median().toNanos();
    }
}
