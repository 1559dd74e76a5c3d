package dev.millrace.lake;

import java.util.Locale;

/** How a run ended, or that it has not. */
public enum RunOutcome {
    RUNNING,
    SUCCEEDED,
    FAILED,
    /** Another holder took the lease from it. */
    FENCED,
    /** It ended without a word; the next holder of its lease found that out. */
    DIED;

    /** The word in the run table. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
