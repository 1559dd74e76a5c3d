package dev.millrace.ingester;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;

/** Is told how an ingest proceeds, on its thread and in its order; what it throws ends the ingest. */
public interface IngestListener {
    /** Does nothing. */
    IngestListener NONE = new IngestListener() {};

    /** The staging prefix was listed and something waits in it; the lease is not taken yet. */
    default void listed(DatasetName dataset, Backlog backlog) {}

    /** The staging prefix was held against the ledger, under the lease. */
    default void scanned(DatasetName dataset, Backlog backlog) {}

    /** Footers and schemas of a window of staged files were read. */
    default void inspected(DatasetName dataset, int stagedFiles) {}

    /** The lake files of a batch stand in the lake's data path; nothing is committed. */
    default void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {}

    /** A transaction has committed. */
    default void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {}

    /** A column of the dataset was changed; the sentence says which, and which staged file brought it. */
    default void evolved(DatasetName dataset, String change) {}

    /** A part of the dataset's rows was written anew, for a column that gets a wider type; nothing is committed. */
    default void rewritten(DatasetName dataset, long rows, long bytes) {}

    /** A file was refused; it is in the ledger with the next commit. */
    default void refused(DatasetName dataset, String stagedKey, String reason, String message) {}
}
