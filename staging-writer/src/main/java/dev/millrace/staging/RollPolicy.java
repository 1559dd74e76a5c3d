package dev.millrace.staging;

import java.time.Duration;

/**
 * When a file is finished and the next one begun: at the first limit reached.
 *
 * @param maxRows rows in a file
 * @param maxBytes bytes of a file, estimated: what is written and, before compression, what is still buffered
 * @param maxAge time since the first row of a file, seen at the next write or {@link StagingWriter#rollIfDue()}
 */
public record RollPolicy(long maxRows, long maxBytes, Duration maxAge) {
    public RollPolicy {
        if (maxRows < 1) {
            throw new IllegalArgumentException("maxRows is " + maxRows + "; a file needs at least 1 row");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; use at least 1 byte");
        }
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge is " + maxAge + "; use a time above zero");
        }
    }

    /** 1,000,000 rows, 128 MiB or 5 minutes. */
    public static RollPolicy defaults() {
        return new RollPolicy(1_000_000, 128L << 20, Duration.ofMinutes(5));
    }
}
