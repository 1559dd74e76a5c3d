package dev.millrace.lake;

import java.time.Duration;

/** How a transaction ended that reached its COMMIT. */
public sealed interface CommitResult<T> {
    /** From BEGIN until the engine's answer to COMMIT. */
    Duration elapsed();

    /** The engine said that it is done. */
    record Committed<T>(T value, Duration elapsed) implements CommitResult<T> {}

    /** Another transaction was first: nothing of this one remains, and it may be tried again. */
    record Conflict<T>(String reason, Duration elapsed) implements CommitResult<T> {}

    /** The answer is not to be trusted: it may have happened or not. Only what can be read back tells. */
    record Unknown<T>(LakeException cause, Duration elapsed) implements CommitResult<T> {}
}
