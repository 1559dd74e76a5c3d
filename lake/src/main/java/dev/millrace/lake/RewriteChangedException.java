package dev.millrace.lake;

/** Rows came or went while a dataset was written anew; nothing was changed, and what changed has to be written again. */
final class RewriteChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RewriteChangedException(String message) {
        super(message);
    }
}
