package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Removes from staging what the ledger has called loaded for long enough, what was dropped and is still there, and what
 * broken-off puts have left.
 *
 * <p>It is the cleaner's work: an ingester needs no right to delete. It takes no lease, since an ingest passes over what
 * the ledger knows, and two sweeps at once only delete the same files.
 */
public final class StagingSweep {
    /** No put takes that long: what is older was left by a producer that died. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private static final int DELETE_OBJECTS = 1_000;

    private final LakeSession session;
    private final ObjectStore staging;
    private final Duration retainStaged;
    private final Clock clock;

    /** @param retainStaged how long a staged file is kept after it was loaded */
    public StagingSweep(LakeSession session, ObjectStore staging, Duration retainStaged, Clock clock) {
        this.session = session;
        this.staging = staging;
        this.retainStaged = retainStaged;
        this.clock = clock;
    }

    /** How many staged files {@link #run} would remove now. */
    public long dueFiles(DatasetName dataset) {
        return due(dataset).size();
    }

    /**
     * Removes what is due; returns how many staged files that were.
     *
     * @throws dev.millrace.storage.StorageException when the store refuses; what is left is removed by the next sweep
     */
    public long run(DatasetName dataset) {
        List<String> keys = due(dataset);
        for (int from = 0; from < keys.size(); from += DELETE_OBJECTS) {
            staging.delete(keys.subList(from, Math.min(from + DELETE_OBJECTS, keys.size())));
        }
        staging.removeAbandonedPuts(StagingKey.prefix(dataset), ABANDONED_AFTER);
        return keys.size();
    }

    private List<String> due(DatasetName dataset) {
        StagingScan scan = new StagingScan(session, staging, dataset);
        scan.list();
        return scan.due(clock.instant().minus(retainStaged));
    }
}
