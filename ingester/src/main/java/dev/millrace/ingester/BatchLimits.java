package dev.millrace.ingester;

/**
 * What one batch may hold at most. A single file that is larger is a batch of its own.
 *
 * @param bytes of its staged files together
 * @param files staged files
 * @param partitions distinct partition values, each of which becomes a lake file to register; it bounds the time that
 *     the catalog transaction takes (2 to 4 ms for each, measured)
 */
public record BatchLimits(long bytes, int files, int partitions) {
    public BatchLimits {
        if (bytes < 1 || files < 1 || partitions < 1) {
            throw new IllegalArgumentException("a batch holds at least one byte, file and partition, not " + bytes
                    + " bytes, " + files + " files, " + partitions + " partitions");
        }
    }

    /**
     * The limits for a dataset whose last holders died at it: an eighth of the files for each of them, so that a file that
     * kills the process soon stands alone.
     */
    public BatchLimits afterDeaths(int deaths) {
        return new BatchLimits(bytes, Math.max(1, files >> Math.min(30, 3 * deaths)), partitions);
    }
}
