package dev.millrace.storage;

/** The store could not do what it was asked; the message names the key or folder and what to do next. */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
