package dev.millrace.ingester.migration;

/**
 * A lake file of the dataset that is moved.
 *
 * @param path below the dataset's folder
 * @param rows that the file has, deleted ones too
 */
record SourceFile(String path, long rows, long deletedRows, long bytes) {
    boolean hasDeletes() {
        return deletedRows > 0;
    }

    long liveRows() {
        return rows - deletedRows;
    }
}
