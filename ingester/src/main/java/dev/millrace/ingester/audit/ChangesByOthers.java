package dev.millrace.ingester.audit;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.InlinedByOthers;
import dev.millrace.lake.LakeFileName;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What others than Millrace have changed in a dataset, as the catalog tells, and the steps of compactions where the catalog has
 * forgotten it. Whoever has deleted all rows of a file at once is known as long as that snapshot is there.
 *
 * @param rowsAdded in files that neither an ingest nor a compaction has written, or inlined in the catalog
 * @param rowsDeleted by delete files, by deletes that are inlined, or by a snapshot that is not Millrace's
 */
public record ChangesByOthers(long rowsAdded, long rowsDeleted) {
    static final ChangesByOthers NONE = new ChangesByOthers(0, 0);

    private static final String READ = """
            WITH ours AS (
                SELECT batch_id AS writer FROM lake.millrace.ledger WHERE batch_id IS NOT NULL UNION SELECT step_id FROM lake.millrace.step),
            deleted AS (
                SELECT data_file_id, max(delete_count) AS rows FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id = $1 AND begin_snapshot <= $2 GROUP BY data_file_id),
            file AS (
                SELECT f.record_count, coalesce(d.rows, 0) AS deleted,
                    regexp_extract(f.path, $3, 1) NOT IN (FROM ours) AS is_foreign,
                    f.end_snapshot IS NULL OR f.end_snapshot > $2 AS is_current,
                    s.snapshot_id IS NOT NULL AND s.author IS DISTINCT FROM 'millrace' AS ended_by_others
                FROM __ducklake_metadata_lake.ducklake_data_file f
                LEFT JOIN deleted d USING (data_file_id)
                LEFT JOIN __ducklake_metadata_lake.ducklake_snapshot_changes s ON s.snapshot_id = f.end_snapshot
                WHERE f.table_id = $1 AND f.begin_snapshot <= $2)
            SELECT coalesce(sum(record_count) FILTER (is_foreign), 0)::BIGINT,
                coalesce(sum(CASE WHEN is_current THEN deleted ELSE record_count END), 0)::BIGINT
            FROM file WHERE is_current OR ended_by_others
            """;

    /** Of the files that compactions have replaced. */
    private static final String READ_REPLACED = """
            SELECT coalesce(sum(foreign_rows), 0)::BIGINT, coalesce(sum(deleted_rows), 0)::BIGINT
            FROM lake.millrace.step AT (VERSION => %d) WHERE dataset = ?
            """;

    /** Reads what is known up to a snapshot. */
    static ChangesByOthers of(LakeSession session, DatasetName dataset, long snapshot) {
        ChangesByOthers replaced = session.queryOne(
                        READ_REPLACED.formatted(snapshot), ChangesByOthers::row, dataset.toString())
                .orElseThrow();
        DatasetTable table = new DatasetTable(session, dataset);
        ChangesByOthers there = session.queryOne(READ, ChangesByOthers::row, table.id(), snapshot, LakeFileName.WRITER)
                .orElseThrow();
        InlinedByOthers inlined = InlinedByOthers.of(session, table, snapshot);
        return new ChangesByOthers(
                there.rowsAdded() + replaced.rowsAdded() + inlined.addedRows(),
                there.rowsDeleted() + replaced.rowsDeleted() + inlined.deletedRows());
    }

    private static ChangesByOthers row(ResultSet row) throws SQLException {
        return new ChangesByOthers(row.getLong(1), row.getLong(2));
    }

    boolean any() {
        return rowsAdded > 0 || rowsDeleted > 0;
    }
}
