package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.util.List;

/** What the catalog says of files; never lists the store. */
public final class LakeInspection {
    private static final String FILES = """
            WITH dataset AS (
                SELECT t.table_id
                FROM __ducklake_metadata_lake.ducklake_table t
                JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
                WHERE s.schema_name = ? AND t.table_name = ? AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
            ), value AS (
                SELECT data_file_id, string_agg(coalesce(partition_value, 'NULL'), '/' ORDER BY partition_key_index) AS p
                FROM __ducklake_metadata_lake.ducklake_file_partition_value
                WHERE table_id IN (FROM dataset) GROUP BY data_file_id
            ), deleted AS (
                SELECT data_file_id, sum(delete_count)::BIGINT AS rows
                FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id IN (FROM dataset) AND end_snapshot IS NULL GROUP BY data_file_id
            )
            SELECT coalesce(p, ''), path, record_count - coalesce(deleted.rows, 0), file_size_bytes
            FROM __ducklake_metadata_lake.ducklake_data_file
            LEFT JOIN value USING (data_file_id) LEFT JOIN deleted USING (data_file_id)
            WHERE table_id IN (FROM dataset) AND end_snapshot IS NULL AND path_is_relative AND file_size_bytes < ?
            ORDER BY data_file_id
            """;

    private final LakeSession session;

    public LakeInspection(LakeSession session) {
        this.session = session;
    }

    /** The files of a dataset that are smaller than {@code targetFileBytes}, oldest first. */
    public List<LakeFile> mergeableFiles(DatasetName dataset, long targetFileBytes) {
        return session.query(
                FILES,
                row -> new LakeFile(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                dataset.schema(),
                dataset.table(),
                targetFileBytes);
    }
}
