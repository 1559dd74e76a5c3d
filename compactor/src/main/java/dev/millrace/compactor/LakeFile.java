package dev.millrace.compactor;

import dev.millrace.lake.LakeFileName;

/**
 * A lake file that a merge may take.
 *
 * @param partition the partition values with {@code /} between them, empty for a dataset without partitions
 * @param path below the dataset's folder; for rows that are inlined in the catalog the name of their table
 * @param rows those that are not deleted
 * @param deletedRows those that are
 * @param bytes of the file, deleted rows included
 */
public record LakeFile(String partition, String path, long rows, long deletedRows, long bytes) {
    private static final String INLINED = "ducklake_inlined_data_";

    public LakeFile {
        if (rows < 0 || deletedRows < 0 || bytes < 0) {
            throw new IllegalArgumentException("lake file " + path + " can't have " + rows + " rows, " + deletedRows
                    + " deleted rows and " + bytes + " bytes");
        }
    }

    /** Whether others have written it, by SQL. */
    boolean isForeign() {
        return !LakeFileName.isOurs(path);
    }

    /** Whether these are rows that stand in the catalog and not in a file. */
    public boolean isInlined() {
        return path.startsWith(INLINED);
    }

    /** Whether it is a file of which nothing is deleted. */
    boolean isWhole() {
        return !isInlined() && deletedRows == 0;
    }

    /** How many of its rows are deleted, from 0 to 1. */
    public double deletedShare() {
        return deletedRows == 0 ? 0 : (double) deletedRows / (rows + deletedRows);
    }

    /** About what its rows take in a merged file. */
    public long liveBytes() {
        return Math.round(bytes * (1 - deletedShare()));
    }
}
