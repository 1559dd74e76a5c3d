package dev.millrace.compactor;

import java.time.Duration;

/**
 * How compaction works.
 *
 * @param targetFileBytes the size that files are merged towards; a file of at least that size is left alone
 * @param keepSnapshots how long a snapshot can be read after it was replaced
 * @param grace how long a file is kept on after no snapshot needs it; longer than the longest query
 */
public record CompactSettings(long targetFileBytes, Duration keepSnapshots, Duration grace) {
    public CompactSettings {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
        if (keepSnapshots.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "keep-snapshots (" + keepSnapshots + ") and grace (" + grace + ") can't be negative");
        }
    }
}
