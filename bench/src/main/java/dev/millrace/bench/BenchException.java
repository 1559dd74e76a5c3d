package dev.millrace.bench;

/** What was measured did not do its work, or could not be done at all: its times count for nothing. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
