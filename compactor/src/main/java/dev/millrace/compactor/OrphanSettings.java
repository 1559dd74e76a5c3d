package dev.millrace.compactor;

import java.time.Duration;

/**
 * How orphans are removed.
 *
 * @param age how old an orphan has to be; longer than the longest transaction of those who write to the lake without a lease
 * @param maxSharePercent of the lake's files that may go at once; at 100, also all of them
 * @param every how long the lake's data is not listed again after a removal
 */
public record OrphanSettings(Duration age, int maxSharePercent, Duration every) {
    /** The share that allows everything. */
    public static final int ALL = 100;

    public OrphanSettings {
        if (age.isNegative() || every.isNegative()) {
            throw new IllegalArgumentException(
                    "orphan-age (" + age + ") and orphan-every (" + every + ") can't be negative");
        }
        if (maxSharePercent < 0 || maxSharePercent > ALL) {
            throw new IllegalArgumentException(
                    "the share of orphans is a percentage from 0 to 100, not " + maxSharePercent);
        }
    }

    /** The same with another share. */
    public OrphanSettings withMaxSharePercent(int percent) {
        return new OrphanSettings(age, percent, every);
    }
}
