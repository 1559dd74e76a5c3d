package dev.millrace.bench.simulation;

import dev.millrace.ingester.BatchLimits;
import java.util.SplittableRandom;

/** How the model is set. */
record ModelSettings(Isolation isolation, Times times, BatchLimits batchLimits, long targetFileBytes, int pageObjects) {
    /**
     * The durations in seconds.
     *
     * @param clockError how far the clocks of those that delete may be wrong; retention and grace protect for that much less
     */
    record Times(long lease, long settle, long retainStaged, long keepSnapshots, long grace, long clockError) {
        Times {
            if (Math.min(keepSnapshots, grace) <= 2 * clockError) {
                throw new IllegalArgumentException("keepSnapshots " + keepSnapshots + " and grace " + grace
                        + " protect nothing when clocks are wrong by " + clockError);
            }
        }
    }

    /** Small enough that everything meets everything. */
    static ModelSettings of(SplittableRandom random) {
        return new ModelSettings(
                random.nextBoolean() ? Isolation.EMBEDDED : Isolation.SERVED,
                new Times(
                        20 + random.nextInt(40),
                        15 + random.nextInt(30),
                        40 + random.nextInt(150),
                        12 + random.nextInt(60),
                        12 + random.nextInt(160),
                        5),
                new BatchLimits(6 + random.nextInt(6), 1 + random.nextInt(4), 1 + random.nextInt(2)),
                6 + random.nextInt(8),
                1 + random.nextInt(4));
    }
}
