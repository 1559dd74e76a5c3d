package dev.millrace.compactor;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.InlinedByOthers;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the catalog says of the files of a dataset; never lists the store. Belongs to its session's thread. */
final class DatasetInspection {
    /** A file with more than one set of deletes that holds is left alone: the engine reads its rows once for each (DuckLake d8a1881e). */
    private static final String FILES = """
            WITH value AS (
                SELECT data_file_id, string_agg(coalesce(partition_value, 'NULL'), '/' ORDER BY partition_key_index) AS p
                FROM __ducklake_metadata_lake.ducklake_file_partition_value
                WHERE table_id = ? GROUP BY data_file_id
            ), deletion AS (
                SELECT data_file_id, sum(delete_count)::BIGINT AS rows, count(*) > 1 AS left_alone
                FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id = ? AND end_snapshot IS NULL GROUP BY data_file_id
                %s
            ), deleted AS (
                SELECT data_file_id, sum(rows)::BIGINT AS deleted_rows, bool_or(left_alone) AS left_alone
                FROM deletion GROUP BY data_file_id
            ), file AS (
                SELECT data_file_id, coalesce(p, '') AS partition, path, begin_snapshot,
                    record_count - coalesce(deleted_rows, 0) AS rows, coalesce(deleted_rows, 0) AS deleted_rows,
                    NOT coalesce(left_alone, false) AS mergeable, file_size_bytes AS bytes, bytes * rows // greatest(record_count, 1) AS live_bytes
                FROM __ducklake_metadata_lake.ducklake_data_file
                LEFT JOIN value USING (data_file_id) LEFT JOIN deleted USING (data_file_id)
                WHERE table_id = ? AND end_snapshot IS NULL AND path_is_relative
            )
            """;

    private static final String PARTITIONS = FILES + """
            SELECT partition, count(*), sum(bytes)::BIGINT, count(*) FILTER (mergeable AND live_bytes < ?),
                count(*) FILTER (mergeable AND deleted_rows > ? * (rows + deleted_rows)), count(*) FILTER (deleted_rows > 0),
                sum(rows)::BIGINT, sum(deleted_rows)::BIGINT, max(s.snapshot_time::TIMESTAMPTZ)
            FROM file LEFT JOIN __ducklake_metadata_lake.ducklake_snapshot s ON s.snapshot_id = begin_snapshot
            WHERE rows > 0 GROUP BY partition ORDER BY partition
            """;
    private static final String CANDIDATES = FILES + """
            SELECT partition, path, rows, deleted_rows, bytes FROM file
            WHERE rows > 0 AND mergeable AND partition IN (SELECT unnest(?::VARCHAR[]))
                AND (live_bytes < ? OR deleted_rows > ? * (rows + deleted_rows))
            QUALIFY row_number() OVER (PARTITION BY partition ORDER BY live_bytes, data_file_id) <= ?
            ORDER BY data_file_id
            """;
    private static final String INLINED_DELETES = """
            UNION ALL SELECT file_id, count(*), true FROM __ducklake_metadata_lake.%s GROUP BY file_id
            """;

    private final LakeSession session;
    private final DatasetTable datasetTable;
    private final long table;
    private final long targetFileBytes;

    /**
     * @param targetFileBytes below which a file is small
     */
    DatasetInspection(LakeSession session, DatasetName dataset, long targetFileBytes) {
        this.session = session;
        this.datasetTable = new DatasetTable(session, dataset);
        this.table = datasetTable.id();
        this.targetFileBytes = targetFileBytes;
    }

    /** The partitions, by their values. */
    List<PartitionState> partitions() {
        return session.query(
                PARTITIONS.formatted(inlinedDeletes()),
                row -> new PartitionState(
                        row.getString(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getObject(9) == null
                                ? Instant.EPOCH
                                : row.getObject(9, OffsetDateTime.class).toInstant()),
                table,
                table,
                table,
                targetFileBytes,
                MergePolicy.DIRTY_SHARE);
    }

    /**
     * The files of some partitions that a merge may take, the smallest ones where there are too many.
     *
     * @param maxFiles of each partition
     */
    List<PartitionFiles> candidates(Collection<PartitionState> partitions, int maxFiles) {
        Map<String, List<LakeFile>> files = session
                .query(
                        CANDIDATES.formatted(inlinedDeletes()),
                        row -> new LakeFile(
                                row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5)),
                        table,
                        table,
                        table,
                        partitions.stream().map(PartitionState::partition).toList(),
                        targetFileBytes,
                        MergePolicy.DIRTY_SHARE,
                        maxFiles)
                .stream()
                .collect(Collectors.groupingBy(LakeFile::partition));
        return partitions.stream()
                .map(state -> new PartitionFiles(state, files.getOrDefault(state.partition(), List.of())))
                .toList();
    }

    /** Rows that stand in the catalog itself, put there by another program: Millrace's own sessions inline none. */
    List<LakeFile> inlinedRows() {
        return InlinedByOthers.rows(session, datasetTable).stream()
                .map(inlined -> new LakeFile("", inlined.table(), inlined.rows(), 0, 0))
                .toList();
    }

    /**
     * Deletes that another program has inlined, where there is a table of them. Their files are left alone: the engine does not end a file whose
     * last rows are deleted while others of its deletes are inlined (measured, DuckLake d8a1881e).
     */
    private String inlinedDeletes() {
        return InlinedByOthers.tableOfDeletes(session, datasetTable)
                .map(INLINED_DELETES::formatted)
                .orElse("");
    }
}
