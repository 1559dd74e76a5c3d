package dev.millrace.bench.concurrency;

import java.time.Duration;
import java.util.List;

/**
 * What a run consists of.
 *
 * @param writers producers, or direct writers in their place
 * @param ingesters 1 in real use; more of them compete for the lease
 * @param lease how long a lease holds without being renewed
 * @param mix what else is at work
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
        Duration lease,
        Mix mix) {
    /** All that do not write. */
    static final List<Role> OTHERS =
            List.of(Role.INGESTER, Role.COMPACTOR, Role.READER, Role.ANALYST, Role.LONG_READER);

    /** The command's default. */
    static final Duration STANDARD_LEASE = Duration.ofMinutes(5);

    private static final long READ_EVERY_MILLIS = 250;

    /**
     * What is at work beside writers, ingester and readers.
     *
     * @param compactors 0 or 1
     * @param analyst whether somebody deletes and updates rows by SQL
     * @param longReaders who read in transactions that last for {@code longRead}
     * @param stageEvery how often a producer stages a file; it can't be faster than it can
     * @param changeEvery how often an analyst changes some rows
     */
    record Mix(
            int compactors,
            boolean analyst,
            int longReaders,
            Duration stageEvery,
            Duration changeEvery,
            Duration longRead) {
        /** A compactor alone, and producers that write as fast as they can. */
        static final Mix COMPACTOR = new Mix(1, false, 0, Duration.ofMillis(1), Duration.ofSeconds(1), Duration.ZERO);

        Mix {
            if (compactors < 0 || compactors > 1 || longReaders < 0) {
                throw new IllegalArgumentException(
                        "beside the ingester a run has a compactor or none, and long readers," + " not " + compactors
                                + " and " + longReaders);
            }
        }

        Mix withoutCompactor() {
            return new Mix(0, analyst, longReaders, stageEvery, changeEvery, longRead);
        }
    }

    Setup {
        if (writers < 1 || ingesters < 1 || readers < 0) {
            throw new IllegalArgumentException("a run has at least one producer and one ingester, not " + writers
                    + " producers, " + ingesters + " ingesters, " + readers + " readers");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the duration of a run must be positive, not " + duration);
        }
    }

    Setup withoutCompactor() {
        return new Setup(
                writers,
                ingesters,
                readers,
                batchRows,
                batchesPerFile,
                duration,
                ingestEvery,
                compactEvery,
                lease,
                mix.withoutCompactor());
    }

    Pace writing() {
        Pace.Others others = new Pace.Others(mix.analyst(), mix.longRead().toMillis());
        return new Pace(batchRows, batchesPerFile, mix.stageEvery().toMillis(), 0, writers, lease.toMillis(), others);
    }

    private Pace every(Duration pause) {
        return writing().every(pause.toMillis());
    }

    /** Adds all of it to a fleet but for the writers. */
    void addPipeline(Fleet fleet) {
        fleet.add(Role.INGESTER, ingesters, every(ingestEvery));
        fleet.add(Role.COMPACTOR, mix.compactors(), every(compactEvery));
        fleet.add(Role.ANALYST, mix.analyst() ? 1 : 0, every(mix.changeEvery()));
        fleet.add(Role.LONG_READER, mix.longReaders(), writing());
        addReaders(fleet);
    }

    void addReaders(Fleet fleet) {
        fleet.add(Role.READER, readers, writing().every(READ_EVERY_MILLIS));
    }
}
