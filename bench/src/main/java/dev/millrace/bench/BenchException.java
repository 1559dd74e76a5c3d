package dev.millrace.bench;

/** What was measured did not do its work, or could not be done at all: its times count for nothing. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
