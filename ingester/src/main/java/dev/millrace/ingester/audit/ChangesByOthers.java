package dev.millrace.ingester.audit;

import dev.millrace.lake.LakeSession;

/**
 * What others than Millrace have changed in a dataset, as the catalog tells. Whoever deletes all rows of a file is known as long as
 * the snapshot is there, and rows that a merge has left out since they were deleted are as long as the replaced file is.
 *
 * @param rowsAdded in files that neither an ingest nor a compaction has written
 * @param rowsDeleted by delete files, or by a snapshot that is not Millrace's
 */
public record ChangesByOthers(long rowsAdded, long rowsDeleted) {
    static final ChangesByOthers NONE = new ChangesByOthers(0, 0);

    /** The name of a lake file that an ingest or a compaction has written begins with the id of its batch or step. */
    static final String WRITER = "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})-[0-9]+[.]parquet$";

    private static final String READ = """
            WITH ours AS (SELECT batch_id AS writer FROM lake.millrace.ledger UNION SELECT step_id FROM lake.millrace.step),
            deleted AS (
                SELECT data_file_id, max(delete_count) AS rows FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id = $1 AND begin_snapshot <= $2 GROUP BY data_file_id),
            file AS (
                SELECT f.record_count, coalesce(d.rows, 0) AS deleted,
                    regexp_extract(f.path, $3, 1) NOT IN (FROM ours) AS foreign_file,
                    f.end_snapshot <= $2 AND s.snapshot_id IS NOT NULL AND s.author IS DISTINCT FROM 'millrace' AS ended_by_others
                FROM __ducklake_metadata_lake.ducklake_data_file f
                LEFT JOIN deleted d USING (data_file_id)
                LEFT JOIN __ducklake_metadata_lake.ducklake_snapshot_changes s ON s.snapshot_id = f.end_snapshot
                WHERE f.table_id = $1 AND f.begin_snapshot <= $2)
            SELECT coalesce(sum(record_count) FILTER (foreign_file), 0)::BIGINT,
                coalesce(sum(CASE WHEN ended_by_others THEN record_count ELSE deleted END), 0)::BIGINT
            FROM file
            """;

    /** Reads what the catalog knows up to a snapshot. */
    static ChangesByOthers of(LakeSession session, long tableId, long snapshot) {
        return session.queryOne(
                        READ, row -> new ChangesByOthers(row.getLong(1), row.getLong(2)), tableId, snapshot, WRITER)
                .orElseThrow();
    }

    boolean any() {
        return rowsAdded > 0 || rowsDeleted > 0;
    }
}
