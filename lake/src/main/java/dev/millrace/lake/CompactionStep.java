package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;

/**
 * What one step of a compaction made of some lake files. The rows are the same before and after: a step that would change
 * their number is undone.
 *
 * @param stepId begins the names of the files that the step wrote
 * @param action merge, rewrite or flush
 * @param byOthers what others have changed in the files before, of which the files after tell no more
 * @param elapsed from the beginning of the step to its commit
 */
public record CompactionStep(
        String stepId,
        String runId,
        DatasetName dataset,
        String action,
        Files before,
        Files after,
        long rows,
        ChangedRows byOthers,
        Instant committedAt,
        Duration elapsed) {

    /** Some lake files. */
    public record Files(long count, long bytes) {}

    /**
     * Rows that are not as Millrace has loaded them.
     *
     * @param deleted rows of the files that had been deleted before
     * @param foreign rows, deleted ones included, of files that neither an ingest nor a compaction has written
     */
    public record ChangedRows(long deleted, long foreign) {}
}
