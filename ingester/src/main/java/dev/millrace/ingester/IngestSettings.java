package dev.millrace.ingester;

import java.time.Duration;

/**
 * How an ingest works.
 *
 * @param batchLimits what one batch, and so one transaction, may hold
 * @param targetFileBytes how large a lake file becomes where the data allows it; a staged file of at least this size, in
 *     one partition, is copied as it is
 * @param settle how old a file without a readable footer must be before it is quarantined
 * @param retainStaged how long a staged file is kept after it was loaded
 */
public record IngestSettings(BatchLimits batchLimits, long targetFileBytes, Duration settle, Duration retainStaged) {
    public IngestSettings {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
        if (settle.isNegative() || retainStaged.isNegative()) {
            throw new IllegalArgumentException(
                    "settle (" + settle + ") and retain-staged (" + retainStaged + ") can't be negative");
        }
    }
}
