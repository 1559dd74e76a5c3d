package dev.millrace.ingester;

import java.time.Instant;
import java.util.Optional;

/** How an action on the refused files of one dataset ended. */
public sealed interface QuarantineResult {
    /**
     * It was done where it can be.
     *
     * @param runId absent when there was nothing to do
     */
    record Done(Optional<String> runId, QuarantinePlan plan) implements QuarantineResult {}

    /** Another one is ingesting the dataset; nothing was done. */
    record HeldByAnother(String holder, Instant since, Instant until) implements QuarantineResult {}
}
