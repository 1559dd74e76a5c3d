package dev.millrace.cli;

/** There is no such run, or more than one. */
final class UnknownRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownRunException(String message) {
        super(message);
    }
}
