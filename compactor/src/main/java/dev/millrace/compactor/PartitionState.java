package dev.millrace.compactor;

import java.time.Instant;

/**
 * What the catalog says of one partition of a dataset.
 *
 * @param partition as in {@link LakeFile}
 * @param smallFiles those below the target size
 * @param dirtyFiles those of which so many rows are deleted that they are worth a rewrite
 * @param filesWithDeletes those with any deleted row
 * @param rows that are not deleted
 * @param writtenAt when its newest file was committed; the epoch when that is forgotten
 */
public record PartitionState(
        String partition,
        long files,
        long bytes,
        long smallFiles,
        long dirtyFiles,
        long filesWithDeletes,
        long rows,
        long deletedRows,
        Instant writtenAt) {
    static final PartitionState NONE = of("");

    /** A partition of which nothing is known besides its candidates. */
    public static PartitionState of(String partition) {
        return new PartitionState(partition, 0, 0, 0, 0, 0, 0, 0, Instant.EPOCH);
    }

    /** How many of its rows are deleted, from 0 to 1. */
    public double deletedShare() {
        return deletedRows == 0 ? 0 : (double) deletedRows / (rows + deletedRows);
    }

    PartitionState plus(PartitionState other) {
        return new PartitionState(
                "",
                files + other.files,
                bytes + other.bytes,
                smallFiles + other.smallFiles,
                dirtyFiles + other.dirtyFiles,
                filesWithDeletes + other.filesWithDeletes,
                rows + other.rows,
                deletedRows + other.deletedRows,
                writtenAt.isAfter(other.writtenAt) ? writtenAt : other.writtenAt);
    }
}
