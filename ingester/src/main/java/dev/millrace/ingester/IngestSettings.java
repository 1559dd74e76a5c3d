package dev.millrace.ingester;

import dev.millrace.schemas.Contract;
import java.time.Duration;

/**
 * How an ingest works.
 *
 * @param batchLimits what one batch, and so one transaction, may hold
 * @param targetFileBytes how large a lake file becomes where the data allows it; a staged file of at least this size, in
 *     one partition, is copied as it is
 * @param settle how old a file without a readable footer must be before it is quarantined
 * @param fileLimits what a single staged file may have at most
 * @param checksums which stores' files are held against their checksums
 * @param maxRefused as many files that are refused for what may be no fault of theirs, and none that is loaded, stop a run before they
 *     are quarantined
 * @param maxWidenBytes how many bytes of lake files may be written anew for a wider type that a staged file brings
 */
public record IngestSettings(
        BatchLimits batchLimits,
        long targetFileBytes,
        Duration settle,
        FileLimits fileLimits,
        ChecksumVerification checksums,
        int maxRefused,
        long maxWidenBytes) {
    private static final int STANDARD_MAX_REFUSED = 100;
    private static final long STANDARD_WIDEN_BYTES = 10_000_000_000L;

    /** With the standard limits for a file, for refused ones and for wider types. */
    public IngestSettings(BatchLimits batchLimits, long targetFileBytes, Duration settle) {
        this(
                batchLimits,
                targetFileBytes,
                settle,
                FileLimits.STANDARD,
                ChecksumVerification.AUTO,
                STANDARD_MAX_REFUSED,
                STANDARD_WIDEN_BYTES);
    }

    /** With other limits for a file. */
    IngestSettings with(FileLimits limits) {
        return new IngestSettings(batchLimits, targetFileBytes, settle, limits, checksums, maxRefused, maxWidenBytes);
    }

    /** With another choice of what is verified. */
    public IngestSettings with(ChecksumVerification verification) {
        return new IngestSettings(
                batchLimits, targetFileBytes, settle, fileLimits, verification, maxRefused, maxWidenBytes);
    }

    /** With another number of refused files that stop a run. */
    IngestSettings withMaxRefused(int files) {
        return new IngestSettings(batchLimits, targetFileBytes, settle, fileLimits, checksums, files, maxWidenBytes);
    }

    /** With another limit for wider types. */
    public IngestSettings withMaxWidenBytes(long bytes) {
        return new IngestSettings(batchLimits, targetFileBytes, settle, fileLimits, checksums, maxRefused, bytes);
    }

    /** As the contract has it, which may ask for another size. */
    long targetFileBytes(Contract contract) {
        return contract.files().targetFileBytes(targetFileBytes);
    }

    public IngestSettings {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
        if (maxRefused < 1) {
            throw new IllegalArgumentException(
                    "the refused files that stop a run must be one or more, not " + maxRefused);
        }
        if (settle.isNegative()) {
            throw new IllegalArgumentException("settle can't be negative: " + settle);
        }
    }
}
