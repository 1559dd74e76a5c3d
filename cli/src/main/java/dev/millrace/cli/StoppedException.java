package dev.millrace.cli;

/** A run was asked to stop before it was done; what it has committed stays, and the next one goes on. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("stopped before it was done, since its process was asked to end; the next run goes on");
    }
}
