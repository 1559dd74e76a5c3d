package dev.millrace.lake;

import java.util.Locale;

/** What a lease is for: each may run once a dataset at a time, beside the other. */
public enum Activity {
    INGEST,
    COMPACT;

    /** The word in the lease table and in messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
