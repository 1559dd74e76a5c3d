package dev.millrace.compactor;

import java.time.Duration;

/**
 * How long old snapshots and the files that only they name are kept.
 *
 * @param keepSnapshots how long a snapshot can be read after it was replaced
 * @param maxSnapshots how many there may be; beyond it the oldest expire before their time, but never within {@code grace}
 * @param grace how long a snapshot outlives its replacement at least, and then a file the last snapshot that names it:
 *     longer than the longest query and the longest transaction
 */
public record SnapshotRetention(Duration keepSnapshots, int maxSnapshots, Duration grace) {
    public SnapshotRetention {
        if (keepSnapshots.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "keep-snapshots (" + keepSnapshots + ") and grace (" + grace + ") can't be negative");
        }
        if (maxSnapshots < 1) {
            throw new IllegalArgumentException(
                    "a lake has one snapshot at least, so max-snapshots can't be " + maxSnapshots);
        }
    }
}
