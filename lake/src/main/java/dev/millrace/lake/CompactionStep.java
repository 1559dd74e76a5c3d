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
        Instant committedAt,
        Duration elapsed) {

    /** Some lake files. */
    public record Files(long count, long bytes) {}
}
