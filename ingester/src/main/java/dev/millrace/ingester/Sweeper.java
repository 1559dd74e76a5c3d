package dev.millrace.ingester;

import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import java.time.Duration;
import java.util.List;

/** Removes from staging what the ledger has called loaded for long enough, and what broken-off puts have left. */
final class Sweeper {
    /** No put takes that long: what is older was left by a producer that died. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private static final int DELETE_OBJECTS = 1_000;

    private final ObjectStore staging;

    Sweeper(ObjectStore staging) {
        this.staging = staging;
    }

    /** Deletes these loaded files; returns how many. */
    long sweep(DatasetName dataset, List<String> loadedKeys) {
        for (int from = 0; from < loadedKeys.size(); from += DELETE_OBJECTS) {
            staging.delete(loadedKeys.subList(from, Math.min(from + DELETE_OBJECTS, loadedKeys.size())));
        }
        staging.removeAbandonedPuts(StagingKey.prefix(dataset), ABANDONED_AFTER);
        return loadedKeys.size();
    }
}
