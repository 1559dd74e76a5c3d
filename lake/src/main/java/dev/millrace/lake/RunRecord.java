package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A run as the run table tells of it.
 *
 * @param parentId of the run that it belongs to
 * @param dataset absent when it was about the whole lake, or is the parent of others
 * @param endedAt absent while it runs
 * @param error absent unless it failed
 */
public record RunRecord(
        String runId,
        Optional<String> parentId,
        Worker worker,
        String activity,
        Optional<DatasetName> dataset,
        Instant startedAt,
        Optional<Instant> endedAt,
        RunOutcome outcome,
        RunCounts counts,
        Retries retries,
        Optional<String> error) {
    /**
     * Its transactions that were made again.
     *
     * @param reasons each with its number; empty without any
     */
    public record Retries(long count, Duration waited, String reasons) {}

    /** Whether it is called running and its process is gone, as far as this host sees. */
    public boolean isKnownDead() {
        return outcome == RunOutcome.RUNNING && worker.isKnownDead();
    }
}
