package dev.millrace.bench.concurrency;

import java.time.Duration;

/**
 * What a run consists of.
 *
 * @param writers producers, or direct writers in their place
 * @param ingesters 1 in real use; more of them compete for the lease
 * @param lease how long a lease holds without being renewed
 */
record Setup(
        int writers,
        int ingesters,
        int readers,
        int batchRows,
        int batchesPerFile,
        Duration duration,
        Duration ingestEvery,
        Duration compactEvery,
        Duration lease) {
    /** The command's default. */
    static final Duration STANDARD_LEASE = Duration.ofMinutes(5);

    private static final long READ_EVERY_MILLIS = 250;

    Setup {
        if (writers < 1 || ingesters < 1 || readers < 0) {
            throw new IllegalArgumentException("a run has at least one producer and one ingester, not " + writers
                    + " producers, " + ingesters + " ingesters, " + readers + " readers");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the duration of a run must be positive, not " + duration);
        }
    }

    Pace writing() {
        return new Pace(batchRows, batchesPerFile, 1, 0, writers, lease.toMillis());
    }

    Pace ingesting() {
        return writing().every(ingestEvery.toMillis());
    }

    Pace compacting() {
        return writing().every(compactEvery.toMillis());
    }

    Pace reading() {
        return writing().every(READ_EVERY_MILLIS);
    }

    /** Adds all of it to a fleet but for the writers. */
    void addPipeline(Fleet fleet) {
        fleet.add(Role.INGESTER, ingesters, ingesting());
        fleet.add(Role.COMPACTOR, 1, compacting());
        addReaders(fleet);
    }

    void addReaders(Fleet fleet) {
        fleet.add(Role.READER, readers, reading());
    }
}
