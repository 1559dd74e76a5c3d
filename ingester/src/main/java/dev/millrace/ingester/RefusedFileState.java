package dev.millrace.ingester;

import dev.millrace.lake.RefusedFile;
import dev.millrace.storage.StoredObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** What the staging area holds now under the key of a refused file. */
public enum RefusedFileState {
    /** The content that was refused. */
    THERE,
    /** Another content: the next ingest inspects it. */
    CHANGED,
    GONE;

    /** Compares what the ledger has from a listing with what a look at the one object shows. */
    public static RefusedFileState of(RefusedFile refused, Optional<StoredObject> stored) {
        return stored.map(now -> now.sizeBytes() == refused.file().bytes()
                                && isSame(refused.file().modifiedAt(), now.modifiedAt())
                        ? THERE
                        : CHANGED)
                .orElse(GONE);
    }

    /** The ledger keeps microseconds; S3 tells whole seconds of one object, and more in a listing. */
    private static boolean isSame(Instant listed, Instant found) {
        return found.truncatedTo(ChronoUnit.MICROS).equals(listed)
                || found.equals(listed.truncatedTo(ChronoUnit.SECONDS));
    }

    /** The word in messages and in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
