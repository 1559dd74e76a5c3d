package dev.millrace.bench.simulation;

/** What an actor is told instead of success: as much as it can know. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Kind {
        /** Another holder has moved the token on. */
        FENCED,
        /** Another transaction was first. */
        CONFLICT,
        /** Before COMMIT: nothing has happened. */
        CONNECTION_LOST,
        /** At COMMIT: it may have happened or not. */
        UNKNOWN,
        /** At COMMIT, and the connection is well: a full disk, say. */
        UNCLEAR,
        /** The store did not answer, or refused. */
        STORE,
        /** The key is taken by other content. */
        KEY_TAKEN,
        /** Rows of files that are being merged were erased. */
        CHANGED_MEANWHILE,
        /** The dataset would have another number of rows. */
        ROW_COUNT,
        /** Anything else. */
        BROKEN
    }

    private final Kind kind;

    Failure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
