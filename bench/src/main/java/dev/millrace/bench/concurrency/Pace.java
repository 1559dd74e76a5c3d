package dev.millrace.bench.concurrency;

/**
 * How the work of a process is cut.
 *
 * @param batchRows rows of a producer's or direct writer's batch
 * @param batchesPerFile how many batches a producer puts into one staged file; a batch is acknowledged with its file
 * @param everyMillis how often a process begins anew, a producer with a staged file
 * @param days 0: batch after batch, all of one day, until told to stop; else one batch for each of so many days, shared out among
 *     the producers
 * @param producers among how many the days are shared out
 * @param leaseMillis how long a lease holds without being renewed
 * @param others who else is at work on the lake
 */
record Pace(
        int batchRows, int batchesPerFile, long everyMillis, int days, int producers, long leaseMillis, Others others) {
    /**
     * Who reads and writes the lake without the pipeline.
     *
     * @param analyst whether somebody deletes and updates rows by SQL
     * @param longReadMillis how long the longest transaction of a reader lasts
     */
    record Others(boolean analyst, long longReadMillis) {
        static final Others NONE = new Others(false, 0);

        Others {
            if (longReadMillis < 0) {
                throw new IllegalArgumentException(
                        "the time of long readers can't be negative: " + longReadMillis + " ms");
            }
        }
    }

    Pace {
        if (batchRows < 1 || batchesPerFile < 1 || everyMillis < 1 || days < 0 || producers < 1 || leaseMillis < 1) {
            throw new IllegalArgumentException("batch rows (" + batchRows + "), batches per file (" + batchesPerFile
                    + "), interval (" + everyMillis + " ms), producers (" + producers + ") and lease (" + leaseMillis
                    + " ms) must be positive, days (" + days + ") not negative");
        }
    }

    Pace every(long millis) {
        return new Pace(batchRows, batchesPerFile, millis, days, producers, leaseMillis, others);
    }
}
