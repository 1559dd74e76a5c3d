package dev.millrace.compactor;

import dev.millrace.schemas.Contract;
import java.time.Duration;

/**
 * What is worth a merge.
 *
 * @param targetFileBytes the size that files are merged towards; a file of at least that size is left alone
 * @param quiet for how long nobody must have written to a partition that is brought down to few files; before that, only
 *     files of like size are merged
 */
public record MergePolicy(long targetFileBytes, Duration quiet, Extent extent) {
    /**
     * In a partition that is still written to, a merge is worth it when what comes of it is this many times as large as its
     * largest input. Each rewrite of a row then puts it into a file that is so many times larger, so a row that came in a file
     * of s bytes is rewritten at most 2 + log(target / s) to this base times. 24 keeps a year of ingest every minute below three
     * bytes written a byte ingested; {@code bench/run write-amplification} tells.
     */
    static final int GROWTH = 24;

    /**
     * A file of a quiet partition that is at most so many times as large as what is merged anyway is merged with it: one merge of everything costs less
     * than one for every file that comes late.
     */
    static final int CHEAP = 4;

    /** A quiet partition may have this many times the number of files that its bytes would fill. */
    static final int ALLOWED_TIMES_IDEAL = 2;

    /** Above this share of deleted rows a file is rewritten: a reader reads them all, and a rewrite costs at most three times what it frees. */
    public static final double DIRTY_SHARE = 0.25;

    /** How far a compaction goes. */
    public enum Extent {
        /** What pays, so that no row is rewritten again and again. */
        WORTHWHILE,
        /** Every partition to as few files as possible, now. */
        FULL
    }

    public MergePolicy {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
        if (quiet.isNegative()) {
            throw new IllegalArgumentException("the time without writes (quiet) can't be negative: " + quiet);
        }
    }

    /** As the contract has it, where it says something of its own. */
    MergePolicy of(Contract contract) {
        return new MergePolicy(contract.files().targetFileBytes(targetFileBytes), quiet, extent);
    }

    /**
     * From this size on a file is left alone. Half of the target is enough, unless everything is to be merged: else a file that is nearly full would
     * be rewritten for each small one that still fits in.
     */
    long largeEnoughBytes() {
        return extent == Extent.FULL ? targetFileBytes : (targetFileBytes + 1) / 2;
    }

    /** The number of files of the target size that hold so many bytes. */
    long idealFiles(long bytes) {
        return Math.max(1, (bytes + targetFileBytes - 1) / targetFileBytes);
    }
}
