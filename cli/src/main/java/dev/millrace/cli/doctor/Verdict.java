package dev.millrace.cli.doctor;

import java.util.Collection;
import java.util.Locale;

/** What all findings together come to. */
public enum Verdict {
    /** No warning and no failure. */
    HEALTHY,
    /** Warnings only: all works. */
    DEGRADED,
    /** Something failed. */
    BROKEN;

    static Verdict of(Collection<Status> statuses) {
        if (statuses.contains(Status.FAILED)) {
            return BROKEN;
        }
        return statuses.contains(Status.WARNING) ? DEGRADED : HEALTHY;
    }

    /** The word in the output. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
