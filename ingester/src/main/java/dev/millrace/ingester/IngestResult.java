package dev.millrace.ingester;

import dev.millrace.lake.RunCounts;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.Optional;

/** How the ingest of one dataset ended. */
public sealed interface IngestResult {
    DatasetName dataset();

    /**
     * Everything that was waiting has been decided on.
     *
     * @param runId absent when there was nothing to do
     * @param retries tries of transactions that were made again
     * @param unsettledFiles unreadable files too young to be judged
     */
    record Done(DatasetName dataset, Optional<String> runId, RunCounts counts, int retries, long unsettledFiles)
            implements IngestResult {}

    /** Another one is ingesting this dataset. */
    record HeldByAnother(DatasetName dataset, String holder, Instant since, Instant until) implements IngestResult {}
}
