package dev.millrace.compactor;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How the compaction of one dataset ended. */
public sealed interface CompactResult {
    DatasetName dataset();

    /**
     * Its files are merged as far as the target size allows.
     *
     * @param runId absent when there was nothing to merge
     * @param longestTransaction of the merge steps
     */
    record Done(
            DatasetName dataset,
            Optional<String> runId,
            long rows,
            long filesBefore,
            long filesAfter,
            long bytesBefore,
            long bytesAfter,
            long commits,
            Duration longestTransaction)
            implements CompactResult {}

    /** Another one is compacting this dataset. */
    record HeldByAnother(DatasetName dataset, String holder, Instant since, Instant until) implements CompactResult {}
}
