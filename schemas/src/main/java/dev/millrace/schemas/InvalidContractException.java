package dev.millrace.schemas;

/** A name, a contract or a schema that breaks a rule of the project; the message names the bad value and the way out. */
public final class InvalidContractException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidContractException(String message) {
        super(message);
    }

    public InvalidContractException(String message, Throwable cause) {
        super(message, cause);
    }
}
