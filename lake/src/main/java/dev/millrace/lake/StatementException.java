package dev.millrace.lake;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The engine refused a statement; the connection lives on, an open transaction has to be rolled back. */
public final class StatementException extends LakeException {
    private static final long serialVersionUID = 1L;

    private static final String OUT_OF_MEMORY = "Out of Memory Error";

    /** Kinds of errors that no content of a file explains. */
    private static final List<String> OURS = List.of(
            "Parser Error",
            "Binder Error",
            "Catalog Error",
            "Permission Error",
            OUT_OF_MEMORY,
            "INTERRUPT Error",
            "INTERNAL Error",
            "FATAL Error",
            "HTTP Error");

    /** What a single file can bring about in the engine that reads it, besides being refused. */
    private static final List<String> OF_THE_ENGINE = List.of(OUT_OF_MEMORY, "INTERNAL Error", "FATAL Error");

    /** Kinds of errors that values which were read explain, and no place that was written to. */
    private static final List<String> OF_VALUES =
            List.of("Invalid Input Error", "Conversion Error", "Out of Range Error", "Not implemented Error");

    /** How the engine says that it can read a value and not write it; as an error of the place that it writes to (1.5.5). */
    private static final String UNWRITABLE_VALUE = "Parquet writer: map key column is not allowed to contain NULL";

    /** What an object store says of one object: that it is gone, or another one than it was. */
    private static final List<String> ABOUT_AN_OBJECT = List.of("(HTTP 404", "(HTTP 416", "ETag on reading");

    /** What an object store that does not answer is told of with. */
    private static final String NO_HTTP_ANSWER = " error for HTTP ";

    /** What is said when the catalog refused because another transaction was first (measured: SQLite, PostgreSQL 15 and 18). */
    private static final List<String> CONFLICTS = List.of(
            "database is locked",
            "transaction conflict",
            "conflict on",
            "has been altered",
            "could not serialize",
            "duplicate key",
            "unique constraint",
            "deadlock detected",
            "due to lock timeout",
            "tuple concurrently");

    /** What is said when the catalog's server is away, or was for a moment. */
    private static final List<String> LOST_CONNECTIONS = List.of(
            "server closed the connection",
            "terminating connection",
            "failed to fetch header for copy",
            "could not receive data",
            "could not send data",
            "could not translate host name",
            "no connection to the server",
            "connection not open",
            "connection refused",
            "connection timed out",
            "connection reset",
            "connection has been closed",
            "ssl connection",
            "ssl syscall",
            "timeout expired",
            "no route to host",
            "network is unreachable",
            "the database system is",
            "too many clients",
            "too many connections",
            "remaining connection slots");

    /** The engine's own mistakes, after which it takes no statement any more. */
    private static final List<String> FAILURES = List.of("INTERNAL Error", "FATAL Error");

    /** Where an engine that loses its catalog while it reads an inlined table takes that for its own mistake (DuckLake d8a1881e). */
    private static final String READER_OF_INLINED_ROWS = "DuckLakeInlinedDataReader";

    /** Who reads an inlined table goes on after a first error, and tells of the second. */
    private static final List<String> HIDDEN_ERROR =
            List.of("unsuccessful query result", "Current transaction is aborted");

    /** The text of a query or an address stands behind it, in quotes, and then what the server said. */
    private static final Pattern QUOTING =
            Pattern.compile("Failed to (execute|prepare|fetch) |Unable to connect to Postgres at ");

    private static final String END_OF_QUOTE = "\": ";
    private static final String CONNECTION_LOST = "the connection to the catalog was lost";

    StatementException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** The engine's first line, which carries the kind of the error and the file it is about. */
    public String firstLine() {
        return getMessage().lines().findFirst().orElse("");
    }

    /** In a line what the catalog said, without the query that it said it of; else what the engine said. */
    String reason() {
        if (hidesLostConnection()) {
            return CONNECTION_LOST;
        }
        String said = behindQuery();
        if (said.equals(getMessage())) {
            // Where a commit is refused, the last line carries the reason.
            return tellsOfConflict() ? lines(said).reduce("", (first, last) -> last) : firstLine();
        }
        return lines(said).findFirst().orElse(CONNECTION_LOST);
    }

    /** Whether a refusal, inside of a transaction or at its COMMIT, means that another one was first. */
    boolean tellsOfConflict() {
        return CONFLICTS.stream().anyMatch(behindQuery().toLowerCase(Locale.ROOT)::contains);
    }

    /** Whether the catalog's server could not be reached, or its connection broke: at a COMMIT nobody knows the outcome then. */
    boolean tellsOfLostConnection() {
        String said = behindQuery().toLowerCase(Locale.ROOT);
        // The engine's own ROLLBACK on a connection that is gone takes the place of what went before, and says nothing.
        return (LOST_CONNECTIONS.stream().anyMatch(said::contains)
                        && !getMessage().contains(NO_HTTP_ANSWER))
                || getMessage().strip().endsWith("Failed to execute query \"ROLLBACK\":")
                || hidesLostConnection();
    }

    private boolean hidesLostConnection() {
        String message = getMessage();
        return (tellsOfFailedEngine() && message.contains(READER_OF_INLINED_ROWS))
                || HIDDEN_ERROR.stream().allMatch(message::contains);
    }

    /** Whether the engine's memory was too small for the statement; it takes others. */
    public boolean tellsOfMemory() {
        return getMessage().startsWith(OUT_OF_MEMORY);
    }

    /** Whether the engine as a whole can't be used any more. */
    public boolean tellsOfFailedEngine() {
        return FAILURES.stream().anyMatch(getMessage()::startsWith);
    }

    /** Whether values that were read explain it, alone or by what they did to the engine; no place, no server, no other transaction. */
    public boolean tellsOfValues() {
        return (getMessage().contains(UNWRITABLE_VALUE)
                        || Stream.concat(OF_VALUES.stream(), OF_THE_ENGINE.stream())
                                .anyMatch(getMessage()::startsWith))
                && !tellsOfLostConnection()
                && !tellsOfConflict();
    }

    /** Whether a type is named that the engine or the lake does not have. */
    public boolean tellsOfType() {
        return Stream.of("Catalog Error", "Binder Error", "Parser Error").anyMatch(getMessage()::startsWith)
                && getMessage().toLowerCase(Locale.ROOT).contains("type");
    }

    /** Without the text of a query, in which anything may stand. */
    private String behindQuery() {
        String message = getMessage();
        int end = message.lastIndexOf(END_OF_QUOTE);
        return end >= 0 && QUOTING.matcher(message).find() ? message.substring(end + END_OF_QUOTE.length()) : message;
    }

    private static Stream<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty());
    }

    /**
     * Lets pass what may be the fault of the data that was read; everything else is thrown on, so that no file is blamed
     * for it.
     */
    public void requireAboutData() {
        String message = getMessage();
        boolean isAboutAnObject = ABOUT_AN_OBJECT.stream().anyMatch(message::contains);
        if ((OURS.stream().anyMatch(message::startsWith) && !isAboutAnObject)
                || message.contains(NO_HTTP_ANSWER)
                || tellsOfLostConnection()) {
            throw this;
        }
    }

    /**
     * As {@link #requireAboutData()}, and lets pass what the data may have done to the engine: a mistake of its own, too little
     * memory. Only when a fresh engine does the same with one file alone is that file to blame.
     */
    public void requirePerhapsAboutData() {
        if (!OF_THE_ENGINE.stream().anyMatch(getMessage()::startsWith) || tellsOfLostConnection()) {
            requireAboutData();
        }
    }
}
