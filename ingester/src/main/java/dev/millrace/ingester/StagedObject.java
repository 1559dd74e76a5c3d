package dev.millrace.ingester;

import java.time.Instant;

/** A staged file as the listing shows it, and how it stands with the ledger. */
public record StagedObject(String key, long sizeBytes, Instant modifiedAt, Standing standing) {
    /** What the ledger says of a file that is to be decided on. */
    public enum Standing {
        /** Nothing. */
        NEW,
        /** It was refused; its content is another one since then, or the verdict was taken back. */
        REFUSED_BEFORE,
        /** As before, and this very content is not to be refused for missing values again. */
        RELEASED
    }

    /** A new one. */
    public StagedObject(String key, long sizeBytes, Instant modifiedAt) {
        this(key, sizeBytes, modifiedAt, Standing.NEW);
    }
}
