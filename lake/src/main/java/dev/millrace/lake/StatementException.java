package dev.millrace.lake;

import java.sql.SQLException;

/** The engine refused a statement; the connection lives on, an open transaction has to be rolled back. */
public final class StatementException extends LakeException {
    private static final long serialVersionUID = 1L;

    StatementException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** The engine's first line, which carries the kind of the error and the file it is about. */
    public String firstLine() {
        return getMessage().lines().findFirst().orElse("");
    }
}
