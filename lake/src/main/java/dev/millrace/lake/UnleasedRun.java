package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.Optional;

/**
 * A run that takes no lease, as it is recorded when it is over.
 *
 * @param dataset absent when it was about the whole lake
 */
public record UnleasedRun(
        String activity,
        Optional<DatasetName> dataset,
        Instant startedAt,
        RunOutcome outcome,
        RunCounts counts,
        Optional<String> error) {
    /** What such a run does. */
    @FunctionalInterface
    public interface Work {
        RunCounts run();
    }

    static UnleasedRun failed(
            String activity, Optional<DatasetName> dataset, Instant startedAt, RuntimeException cause) {
        return new UnleasedRun(activity, dataset, startedAt, RunOutcome.FAILED, RunCounts.NONE, RunTable.error(cause));
    }
}
