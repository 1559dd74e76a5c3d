package dev.millrace.lake;

import java.util.Locale;

/** What the ledger says of a staged file. */
public enum LedgerStatus {
    /** Its rows are in the lake; the file is never loaded again. */
    LOADED,
    /** It was refused, with a reason. A file of another content under its key is inspected anew. */
    QUARANTINED,
    /** It was refused, and the verdict was taken back: the next ingest inspects it again. */
    WAITING,
    /** As {@link #WAITING}; the rule that refused it is not asked again. */
    RELEASED,
    /** It was refused, and its deletion was decided on. A file of another content under its key is inspected anew. */
    DROPPED;

    /** The word in the ledger's column {@code status}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a word. */
    public static LedgerStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
