package dev.millrace.lake.engine;

/** The engine's binaries are not to be had; the message says what was tried and how to place them by hand. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
