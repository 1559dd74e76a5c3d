package dev.millrace.ingester.migration;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;

/** What became of one dataset. */
public sealed interface MigrationResult {
    DatasetName dataset();

    /**
     * Its rows are in the other lake now, or there was nothing to move.
     *
     * @param lakeFiles that were copied and registered
     * @param ledgerRows that went with them
     * @param stagedFiles that were copied because the other lake's ledger does not call them loaded
     */
    record Moved(DatasetName dataset, long rows, long lakeFiles, long bytes, long ledgerRows, long stagedFiles)
            implements MigrationResult {}

    /**
     * The other lake's dataset has files or a ledger already, so none were moved.
     *
     * @param stagedFiles as with {@link Moved}
     */
    record AlreadyThere(DatasetName dataset, long stagedFiles) implements MigrationResult {}

    /** Somebody works on the dataset. */
    record HeldByAnother(DatasetName dataset, String holder, Instant since, Instant until) implements MigrationResult {}
}
