package dev.millrace.lake;

import java.time.Instant;

/** Whether a run may work on a dataset. */
public sealed interface RunStart {
    /** It holds the lease. */
    record Started(LeasedRun run) implements RunStart {}

    /** Another one does, until it ends or its lease expires. */
    record HeldByAnother(String holder, Instant since, Instant until) implements RunStart {}
}
