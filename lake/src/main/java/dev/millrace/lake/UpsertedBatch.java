package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;

/**
 * What one batch did to a dataset of the mode {@code upsert}.
 *
 * @param rewrittenFiles lake files that held a row which was replaced or deleted; they have ended
 * @param keptRows the other rows of those files, which were written anew
 */
public record UpsertedBatch(
        String batchId,
        String runId,
        DatasetName dataset,
        Rows rows,
        long rewrittenFiles,
        long keptRows,
        Instant committedAt) {

    /**
     * The rows, of which {@code staged = written + dropped + deletes}; the dataset has {@code written - replaced - deleted} more
     * than before.
     *
     * @param staged rows of the batch's staged files
     * @param written those that are in the lake now
     * @param replaced rows of the lake in whose place one of those came
     * @param dropped staged rows that another one of the batch, or the lake, has a later version of
     * @param deletes staged rows that have the delete marker and are not dropped
     * @param deleted rows of the lake that they took out
     */
    public record Rows(long staged, long written, long replaced, long dropped, long deletes, long deleted) {
        public Rows {
            if (staged != written + dropped + deletes) {
                throw new IllegalArgumentException(staged + " staged rows can't be " + written + " written, " + dropped
                        + " dropped and " + deletes + " that delete");
            }
        }
    }
}
