package dev.millrace.compactor;

import java.time.Duration;

/**
 * What one compaction of a dataset may take. What is left over is left for the next one.
 *
 * @param maxBytes of the lake files that it reads
 * @param maxFiles that it reads
 * @param maxTime after which no further step is begun
 */
public record Budget(long maxBytes, long maxFiles, Duration maxTime) {
    public static final Budget UNLIMITED = new Budget(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(36_500));

    public Budget {
        if (maxBytes < 1 || maxFiles < 2) {
            throw new IllegalArgumentException(
                    "a compaction takes two files at least: not " + maxFiles + " files of " + maxBytes + " bytes");
        }
        if (maxTime.isNegative() || maxTime.isZero()) {
            throw new IllegalArgumentException("a compaction takes some time: not " + maxTime);
        }
    }

    /** Whether a step fits in beside what was read before; the first one always does, so that each compaction gets on. */
    boolean allows(CompactPlan.Load done, CompactPlan.Load step) {
        CompactPlan.Load both = done.plus(step);
        return done.files() == 0 || (both.bytes() <= maxBytes && both.files() <= maxFiles);
    }
}
