package dev.millrace.ingester;

import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.UpsertedBatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a batch changes in a dataset of the mode {@code upsert}; its files stand under the lake's data path, and the catalog does not know
 * them yet.
 *
 * @param snapshot at which the rows to replace were looked up
 * @param newFiles with the rows of the batch
 * @param deletedKeys with the keys that it deletes, where they are remembered
 */
record UpsertChange(
        String batchId,
        long snapshot,
        UpsertedBatch.Rows rows,
        List<WrittenFile> newFiles,
        List<Rewrite> rewrites,
        Optional<DeletedKeys> deletedKeys) {
    UpsertChange {
        newFiles = List.copyOf(newFiles);
        rewrites = List.copyOf(rewrites);
    }

    /**
     * Lake files that end, and those that hold the rows which stay.
     *
     * @param id begins the names of the files after; it is a step of the table of steps
     */
    record Rewrite(String id, List<TouchedFile> before, List<WrittenFile> after) {
        Rewrite {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        long keptRows() {
            return before.stream().mapToLong(TouchedFile::keptRows).sum();
        }
    }

    /**
     * Files of the table of deleted keys.
     *
     * @param rowsBefore when they take the place of all that the table holds: its rows
     */
    record DeletedKeys(List<WrittenFile> files, OptionalLong rowsBefore) {
        DeletedKeys {
            files = List.copyOf(files);
        }
    }

    List<TouchedFile> ended() {
        return rewrites.stream().flatMap(rewrite -> rewrite.before().stream()).toList();
    }

    /** Files of the dataset that are to be registered. */
    List<WrittenFile> written() {
        return java.util.stream.Stream.concat(
                        newFiles.stream(), rewrites.stream().flatMap(rewrite -> rewrite.after().stream()))
                .toList();
    }
}
