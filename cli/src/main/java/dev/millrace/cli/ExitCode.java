package dev.millrace.cli;

/**
 * How the process ends. Scripts rely on these numbers: they never change, and new ones follow {@code sysexits.h}. That has none for
 * a diagnosis, so those of {@code doctor} stand between its range and the small numbers that any tool ends with.
 */
public enum ExitCode {
    /** Done. */
    DONE(0, "done"),
    /** The job failed, or a proof does not hold. */
    FAILED(1, "the job failed, or a proof does not hold"),
    /** The command line, the configuration or a contract is wrong. */
    USAGE(2, "the command line, the configuration or a contract is wrong"),
    /** {@code doctor} found warnings, and nothing that does not work. */
    DEGRADED(10, "doctor: it works, and there are warnings"),
    /** {@code doctor} found something that does not work. */
    BROKEN(11, "doctor: something does not work"),
    /** Rows of the input do not fit the contract; nothing was staged. */
    UNFIT_ROWS(65, "rows of the input do not fit the contract"),
    /** The staging area, the lake or the catalog cannot be reached or used. */
    UNAVAILABLE(69, "the staging area, the lake or the catalog cannot be reached or used"),
    /** Reading or writing failed: no permission, disk full. */
    INPUT_OUTPUT(74, "reading or writing failed: no permission, disk full"),
    /** Another run is at it, or the process was asked to end; the same command will do later. */
    TRY_AGAIN_LATER(75, "another run is at it, or it was asked to end; try again later");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }
}
