package dev.millrace.cli;

import java.io.PrintStream;

/** A run was asked to stop before it was done; what it has committed stays, and the next one goes on. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String SENTENCE =
            "stopped before it was done, since its process was asked to end; the next run goes on";

    StoppedException() {
        super(SENTENCE);
    }

    /** Says the same where the end came between two datasets, and returns the exit code of it. */
    static ExitCode tell(PrintStream err) {
        err.println("millrace: " + SENTENCE);
        return ExitCode.TRY_AGAIN_LATER;
    }
}
