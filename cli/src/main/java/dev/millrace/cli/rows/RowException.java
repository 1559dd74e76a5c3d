package dev.millrace.cli.rows;

/** A row, or a whole input, that does not fit the contract; the message names file, line, column, value and what fits. */
public final class RowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RowException(Origin origin, String why) {
        super(origin + ": " + why);
    }

    public RowException(Origin origin, String why, Throwable cause) {
        super(origin + ": " + why, cause);
    }

    RowException(String file, String why, Throwable cause) {
        super(file + ": " + why, cause);
    }
}
