package dev.millrace.bench.amplification;

import java.time.Duration;

/**
 * What comes into a dataset, a file a minute for each partition that is written to.
 *
 * @param name tells it from the others
 * @param partition the time that a partition covers; zero for a dataset without partitions
 * @param fileBytes of what comes in a minute
 * @param latePerMille of the minutes bring a second file, for a partition of the last thirty days
 */
public record Stream(String name, Duration partition, long fileBytes, int latePerMille) {
    public Stream {
        if (fileBytes < 1 || partition.isNegative() || latePerMille < 0 || latePerMille > 1_000) {
            throw new IllegalArgumentException("stream " + name + ": " + fileBytes + " bytes a minute, " + latePerMille
                    + " per mille of them late, in partitions of " + partition);
        }
    }

    long partitionAt(long minute) {
        return partition.isZero() ? 0 : minute / partition.toMinutes();
    }
}
