package dev.millrace.infra;

import java.util.Locale;

/** Who may do what, on the object store and in the catalog. Producers have no role here: each has its dataset's keys. */
public enum Role {
    /** Reads staging, writes the lake, deletes nothing. */
    INGESTER,
    /** The only one that deletes. */
    CLEANER,
    /** Reads the lake. */
    ANALYST;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
