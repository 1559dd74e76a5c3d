package dev.millrace.cli;

/** A key of which the ledger does not say that it was refused. */
final class UnknownRefusedFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownRefusedFileException(String message) {
        super(message);
    }
}
