package dev.millrace.schemas;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the lake files of a dataset are written.
 *
 * @param targetFileBytes the size that they are merged towards; the configuration's when absent
 * @param compressionLevel from 1, fast, to 22, small; only for ZSTD, the engine's own when absent
 * @param rowGroupRows of a row group at most; the engine's own number, 122,880, when absent
 */
public record FileLayout(
        Optional<Long> targetFileBytes,
        Compression compression,
        OptionalInt compressionLevel,
        OptionalInt rowGroupRows) {
    /** What a contract that says nothing of it has. */
    public static final FileLayout STANDARD =
            new FileLayout(Optional.empty(), Compression.ZSTD, OptionalInt.empty(), OptionalInt.empty());

    private static final int HIGHEST_LEVEL = 22;

    /** The engine's vectors have so many rows. */
    private static final int LEAST_ROWS = 2_048;

    public FileLayout {
        targetFileBytes.filter(bytes -> bytes < 1).ifPresent(bytes -> {
            throw new InvalidContractException("the key 'target-file' takes more than nothing, such as 256MB");
        });
        if (compressionLevel.isPresent()) {
            int level = compressionLevel.getAsInt();
            if (compression != Compression.ZSTD || level < 1 || level > HIGHEST_LEVEL) {
                throw new InvalidContractException("the key 'compression-level' takes a number from 1 to "
                        + HIGHEST_LEVEL + " where the compression is zstd, not " + level);
            }
        }
        if (rowGroupRows.isPresent() && rowGroupRows.getAsInt() < LEAST_ROWS) {
            throw new InvalidContractException("the key 'row-group-rows' takes a number from " + LEAST_ROWS
                    + " on, not " + rowGroupRows.getAsInt());
        }
    }

    /** The size that this dataset's files are merged towards, where the others' are merged towards another one. */
    public long targetFileBytes(long others) {
        return targetFileBytes.orElse(others);
    }
}
