package dev.millrace.ingester;

import java.time.Duration;

/**
 * How an ingest works.
 *
 * @param batchLimits what one batch, and so one transaction, may hold
 * @param targetFileBytes how large a lake file becomes where the data allows it; a staged file of at least this size, in
 *     one partition, is copied as it is
 * @param settle how old a file without a readable footer must be before it is quarantined
 * @param fileLimits what a single staged file may have at most
 * @param maxWidenBytes how many bytes of lake files may be written anew for a wider type that a staged file brings
 */
public record IngestSettings(
        BatchLimits batchLimits, long targetFileBytes, Duration settle, FileLimits fileLimits, long maxWidenBytes) {
    private static final long STANDARD_WIDEN_BYTES = 10_000_000_000L;

    /** With the standard limits for a file and for wider types. */
    public IngestSettings(BatchLimits batchLimits, long targetFileBytes, Duration settle) {
        this(batchLimits, targetFileBytes, settle, FileLimits.STANDARD);
    }

    /** With the standard limit for wider types. */
    public IngestSettings(BatchLimits batchLimits, long targetFileBytes, Duration settle, FileLimits fileLimits) {
        this(batchLimits, targetFileBytes, settle, fileLimits, STANDARD_WIDEN_BYTES);
    }

    /** These, with another limit for wider types. */
    public IngestSettings withMaxWidenBytes(long bytes) {
        return new IngestSettings(batchLimits, targetFileBytes, settle, fileLimits, bytes);
    }

    public IngestSettings {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
        if (settle.isNegative()) {
            throw new IllegalArgumentException("settle can't be negative: " + settle);
        }
    }
}
