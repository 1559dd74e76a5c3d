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
}
