package dev.millrace.staging;

/** A record does not fit its dataset, or a file could not be written; the message names the dataset and what to do next. */
public final class StagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StagingException(String message) {
        super(message);
    }

    public StagingException(String message, Throwable cause) {
        super(message, cause);
    }
}
