package dev.millrace.cli.pipeline;

/** A statement that does more than read was given where only queries are taken; nothing of it was run. */
public final class NotAQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAQueryException() {
        super("the session is read-only and takes queries only: SELECT, FROM, WITH, VALUES, DESCRIBE, SHOW,"
                + " SUMMARIZE, or EXPLAIN before one of them. For anything else attach the lake in DuckDB");
    }
}
