package dev.millrace.ingester;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.StatementException;

/** The lake refuses to take written files in, for the values that are in them; the transaction was rolled back. */
final class UnregisteredException extends LakeException {
    private static final long serialVersionUID = 1L;

    private final StatementException refusal;

    UnregisteredException(StatementException refusal) {
        super(refusal.firstLine(), refusal);
        this.refusal = refusal;
    }

    StatementException refusal() {
        return refusal;
    }
}
