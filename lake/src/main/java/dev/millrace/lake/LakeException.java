package dev.millrace.lake;

/** The lake can't be opened, or did not do what it was asked; the message says what and what to do next. */
public class LakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LakeException(String message) {
        super(message);
    }

    public LakeException(String message, Throwable cause) {
        super(message, cause);
    }
}
