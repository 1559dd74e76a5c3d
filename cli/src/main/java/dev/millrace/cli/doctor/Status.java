package dev.millrace.cli.doctor;

import java.util.Locale;

/** How a check ended. */
public enum Status {
    /** As it should be. */
    OK,
    /** It works, and somebody should look at it before it does not. */
    WARNING,
    /** Something does not work. */
    FAILED,
    /** Not looked at: what it needs is missing, or this user may not. */
    SKIPPED;

    /** The word in the output. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether checks that need this one can go on. */
    boolean isPassable() {
        return this == OK || this == WARNING;
    }

    /** The worse of two; what was skipped is no worse than what is well. */
    Status worse(Status other) {
        return severity() >= other.severity() ? this : other;
    }

    private int severity() {
        return switch (this) {
            case SKIPPED -> 0;
            case OK -> 1;
            case WARNING -> 2;
            case FAILED -> 3;
        };
    }
}
