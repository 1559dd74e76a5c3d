package dev.millrace.ingester;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.Lease;
import dev.millrace.lake.RunCounts;
import dev.millrace.schemas.DatasetName;

/** Counts what the transactions of one run have committed, and tells of them. Belongs to the run's thread. */
final class CommitTally {
    private final DatasetName dataset;
    private final IngestListener listener;
    private RunCounts counts = RunCounts.NONE;

    CommitTally(DatasetName dataset, IngestListener listener) {
        this.dataset = dataset;
        this.listener = listener;
    }

    /** @param batchId empty where it was a change of columns */
    void add(RunCounts committed, String batchId, CommitRetry.Outcome<Lease> commit) {
        counts = counts.plus(committed);
        listener.committed(dataset, batchId, committed.rows(), commit.elapsed());
    }

    RunCounts counts() {
        return counts;
    }
}
