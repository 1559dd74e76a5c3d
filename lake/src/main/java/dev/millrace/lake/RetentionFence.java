package dev.millrace.lake;

/**
 * Stands between pins and the expiry of snapshots: the transaction of each writes the same row of the catalog database first
 * of all, so that of two at once one waits for the other or is refused, and then sees what that one did.
 *
 * <p>The row is an option that is set to what it is. A row of a table in the lake would not do: when another transaction
 * commits meanwhile, the engine repeats the changes of such rows without the expiry, and reports success (measured, DuckLake
 * d8a1881e on PostgreSQL).
 */
public final class RetentionFence {
    private final LakeSession session;

    public RetentionFence(LakeSession session) {
        this.session = session;
    }

    /** Inside of the caller's transaction, before it reads or changes anything, and in one that changes no table of the lake. */
    public void write() {
        session.execute(PipelineTables.ALWAYS_INLINE);
    }
}
