package dev.millrace.ingester;

import dev.millrace.lake.RefusedFile;
import dev.millrace.storage.StoredObject;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the staging area holds now under the key of a refused file. */
public enum RefusedFileState {
    /** The content that was refused. */
    THERE,
    /** Another content: the next ingest inspects it. */
    CHANGED,
    GONE;

    /** Compares what the ledger has from a listing with what a listing shows now; the ledger keeps microseconds. */
    static RefusedFileState of(RefusedFile refused, StoredObject listed) {
        boolean isSame = listed.sizeBytes() == refused.file().bytes()
                && listed.modifiedAt()
                        .truncatedTo(ChronoUnit.MICROS)
                        .equals(refused.file().modifiedAt());
        return isSame ? THERE : CHANGED;
    }

    /** The word in messages and in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
