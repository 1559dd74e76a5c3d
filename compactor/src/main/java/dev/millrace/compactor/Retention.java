package dev.millrace.compactor;

import java.time.Duration;

/**
 * How long what readers may still need is kept.
 *
 * @param keepSnapshots how long a snapshot can be read after it was replaced
 * @param grace how long a file is kept on after no snapshot needs it; longer than the longest query
 */
public record Retention(Duration keepSnapshots, Duration grace) {
    public Retention {
        if (keepSnapshots.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "keep-snapshots (" + keepSnapshots + ") and grace (" + grace + ") can't be negative");
        }
    }
}
