package dev.millrace.ingester;

import dev.millrace.lake.LakeFileName;
import java.util.List;
import java.util.Optional;

/**
 * A lake file with rows that a batch replaces or deletes.
 *
 * @param path absolute
 * @param partition the value of each partition column as text, which all of its rows have; absent for NULL
 * @param rows those that are not deleted
 * @param deletedRows those that others have deleted
 * @param leavingRows those of {@code rows} that the batch replaces or deletes
 */
record TouchedFile(
        String path, List<Optional<String>> partition, long rows, long deletedRows, long bytes, long leavingRows) {
    TouchedFile {
        partition = List.copyOf(partition);
        if (leavingRows < 1 || leavingRows > rows) {
            throw new IllegalArgumentException(
                    "lake file " + path + " has " + rows + " rows, of which " + leavingRows + " can't be replaced");
        }
    }

    long keptRows() {
        return rows - leavingRows;
    }

    /** Whether others have written it, by SQL. */
    boolean isForeign() {
        return !LakeFileName.isOurs(path);
    }
}
