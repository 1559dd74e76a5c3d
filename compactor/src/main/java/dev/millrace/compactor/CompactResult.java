package dev.millrace.compactor;

import dev.millrace.lake.DatasetTable;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How the compaction of one dataset ended. */
public sealed interface CompactResult {
    DatasetName dataset();

    /**
     * Its files are merged as far as that is worth it and the budget goes.
     *
     * @param runId absent when there was nothing to merge
     * @param left beyond the budget, at least
     * @param longestTransaction of the merge steps
     */
    record Done(
            DatasetName dataset,
            Optional<String> runId,
            DatasetTable.Size before,
            DatasetTable.Size after,
            long commits,
            CompactPlan.Load left,
            Duration longestTransaction)
            implements CompactResult {}

    /** Another one is compacting this dataset. */
    record HeldByAnother(DatasetName dataset, String holder, Instant since, Instant until) implements CompactResult {}
}
