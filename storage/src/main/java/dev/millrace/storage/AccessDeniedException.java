package dev.millrace.storage;

/** The store's keys lack the right to do what was asked; the message names the right. */
public final class AccessDeniedException extends StorageException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(String message) {
        super(message);
    }

    public AccessDeniedException(String message, Throwable cause) {
        super(message, cause);
    }
}
