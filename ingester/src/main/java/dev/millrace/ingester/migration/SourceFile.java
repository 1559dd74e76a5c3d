package dev.millrace.ingester.migration;

import dev.millrace.lake.LakeFileName;

/**
 * A lake file of the dataset that is moved.
 *
 * @param path below the dataset's folder
 * @param rows that the file has, deleted ones too
 * @param isOfCurrentColumns whether it was written since the dataset has the columns that it has
 */
record SourceFile(String path, long rows, long deletedRows, long bytes, boolean isOfCurrentColumns) {
    /**
     * Whether the other lake may have it as it is. It would find the columns of one that was written before by their names, which have
     * become other ones since then, or those of other columns.
     */
    boolean canBeCopied() {
        return deletedRows == 0 && isOfCurrentColumns;
    }

    long liveRows() {
        return rows - deletedRows;
    }

    /** The rows that others have written, by SQL. */
    long foreignRows() {
        return LakeFileName.isOurs(path) ? 0 : rows;
    }
}
