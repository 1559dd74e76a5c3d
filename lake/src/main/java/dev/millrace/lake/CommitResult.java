package dev.millrace.lake;

import java.time.Duration;

/** How a transaction ended. */
public sealed interface CommitResult<T> {
    /** From BEGIN until the engine's answer to COMMIT, or to the statement at which the transaction ended. */
    Duration elapsed();

    /** The engine said that it is done. */
    record Committed<T>(T value, Duration elapsed) implements CommitResult<T> {}

    /** Another transaction was first: nothing of this one remains, and it may be tried again. */
    record Conflict<T>(String reason, Duration elapsed) implements CommitResult<T> {}

    /** The catalog's server was lost before COMMIT: nothing of this one remains, and it may be tried again. */
    record ConnectionLost<T>(StatementException cause, Duration elapsed) implements CommitResult<T> {}

    /** The answer is not to be trusted: it may have happened or not. Only what can be read back tells. */
    record Unknown<T>(StatementException cause, Duration elapsed) implements CommitResult<T> {}
}
