package dev.millrace.storage;

/** Another object, with other content, stands under the key; nothing was written. */
public final class KeyConflictException extends StorageException {
    private static final long serialVersionUID = 1L;

    public KeyConflictException(String message) {
        super(message);
    }
}
