package dev.millrace.compactor;

/**
 * How compaction works.
 *
 * @param targetFileBytes the size that files are merged towards; a file of at least that size is left alone
 */
public record CompactSettings(long targetFileBytes) {
    public CompactSettings {
        if (targetFileBytes < 1) {
            throw new IllegalArgumentException(
                    "the target size of a lake file must be positive, not " + targetFileBytes);
        }
    }
}
