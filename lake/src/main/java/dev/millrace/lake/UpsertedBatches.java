package dev.millrace.lake;

/**
 * The upsert table: one row for each batch of a dataset of the mode {@code upsert}, written in the transaction that brings it into
 * the lake. Belongs to its session's thread.
 */
public final class UpsertedBatches {
    private static final String INSERT = "INSERT INTO lake.millrace.upsert VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final LakeSession session;

    public UpsertedBatches(LakeSession session) {
        this.session = session;
    }

    /** Records a batch, inside of the caller's transaction. */
    public void insert(UpsertedBatch batch) {
        UpsertedBatch.Rows rows = batch.rows();
        session.execute(
                INSERT,
                batch.batchId(),
                batch.runId(),
                batch.dataset().toString(),
                rows.staged(),
                rows.written(),
                rows.replaced(),
                rows.dropped(),
                rows.deletes(),
                rows.deleted(),
                batch.rewrittenFiles(),
                batch.keptRows(),
                batch.committedAt());
    }
}
