package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All rows of a dataset at one snapshot, by where they stand: in lake files, and inlined in the catalog by other programs.
 *
 * @param sources those with rows, by their paths
 */
record RewriteSources(long snapshot, List<Source> sources) {
    private static final String SNAPSHOT = "SELECT id FROM lake.current_snapshot()";

    private static final String FILES = """
        WITH deletion AS (
            SELECT data_file_id, sum(delete_count)::BIGINT AS rows, count(*) AS sets, false AS are_inlined
            FROM __ducklake_metadata_lake.ducklake_delete_file
            WHERE table_id = $1 AND begin_snapshot <= $2 AND (end_snapshot IS NULL OR end_snapshot > $2) GROUP BY data_file_id
            %s
        ), deleted AS (
            SELECT data_file_id, sum(rows)::BIGINT AS rows, max(sets) AS sets, bool_or(are_inlined) AS are_inlined
            FROM deletion GROUP BY data_file_id)
        SELECT data_file_id, CASE WHEN path_is_relative THEN $3 ELSE '' END || path, record_count - coalesce(rows, 0) AS live,
            coalesce(rows, 0), file_size_bytes, coalesce(sets, 0), path_is_relative AND mapping_id IS NOT NULL, begin_snapshot,
            coalesce(are_inlined, false)
        FROM __ducklake_metadata_lake.ducklake_data_file LEFT JOIN deleted USING (data_file_id)
        WHERE table_id = $1 AND begin_snapshot <= $2 AND (end_snapshot IS NULL OR end_snapshot > $2) AND live > 0
        ORDER BY path
        """;
    private static final String INLINED_DELETES = """
        UNION ALL SELECT file_id, count(*), 1, true FROM __ducklake_metadata_lake.%s GROUP BY file_id
        """;

    /**
     * A lake file, or a table of the catalog with inlined rows.
     *
     * @param id of the file; negative where there is none
     * @param path as the engine tells it of a row
     * @param rows that are not deleted
     * @param deleteSets how many sets of deletes hold
     * @param isByName whether it is a file below the dataset's folder whose columns are found by their names
     * @param since the snapshot of its newest row
     * @param hasInlinedDeletes whether some of its deletes stand in the catalog
     */
    record Source(
            long id,
            String path,
            long rows,
            long deletedRows,
            long bytes,
            long deleteSets,
            boolean isByName,
            long since,
            boolean hasInlinedDeletes) {
        boolean isInlined() {
            return id < 0;
        }

        /** Whether others have written it, by SQL. */
        boolean isForeign() {
            return !LakeFileName.isOurs(path);
        }

        /** Whether it has the dataset's columns by their names and types, and all of its rows, so that it can be read without the catalog. */
        boolean isOfColumnsSince(long snapshot) {
            return isByName && !isForeign() && deletedRows == 0 && since >= snapshot && LiveFiles.isPlain(path);
        }
    }

    RewriteSources {
        sources = List.copyOf(sources);
    }

    /** At the snapshot that the session sees now, or its transaction. */
    static RewriteSources read(LakeSession session, DatasetTable table) {
        long tableId = table.id();
        long snapshot = session.queryLong(SNAPSHOT);
        List<Source> sources = new ArrayList<>(session.query(
                FILES.formatted(InlinedByOthers.tableOfDeletes(session, table)
                        .map(INLINED_DELETES::formatted)
                        .orElse("")),
                row -> new Source(
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getBoolean(7),
                        row.getLong(8),
                        row.getBoolean(9)),
                tableId,
                snapshot,
                table.folder()));
        InlinedByOthers.of(session, table, snapshot)
                .rows()
                .forEach(inlined -> sources.add(
                        new Source(-1, inlined.table(), inlined.rows(), 0, 0, 0, false, inlined.since(), false)));
        return new RewriteSources(snapshot, sources);
    }

    RewriteSize size() {
        return new RewriteSize(
                rows(),
                sources.stream().filter(source -> !source.isInlined()).count(),
                sources.stream().mapToLong(Source::bytes).sum());
    }

    long rows() {
        return sources.stream().mapToLong(Source::rows).sum();
    }

    /** Why the rows can't be exchanged for others, where that is so. */
    Optional<String> obstacle(DatasetName dataset) {
        String twice = paths(source -> source.deleteSets() > 1);
        if (!twice.isEmpty()) {
            return Optional.of("two sets of deletes hold in the lake file " + twice
                    + ", by programs that deleted at the same time, and the engine reads its rows twice");
        }
        // The engine would not end such a file, but write one of deletes within the transaction (measured, DuckLake
        // d8a1881e), and delete that again when it does not hear of its COMMIT.
        String inlined = paths(Source::hasInlinedDeletes);
        return inlined.isEmpty()
                ? Optional.empty()
                : Optional.of("deletes from the lake file " + inlined
                        + " stand in the catalog, by a program that inlines them; have the engine write them to a file first:"
                        + " CALL ducklake_flush_inlined_data('lake', schema_name => '" + dataset.schema()
                        + "', table_name => '" + dataset.table() + "')");
    }

    private String paths(Predicate<Source> which) {
        return sources.stream().filter(which).map(Source::path).limit(3).collect(Collectors.joining(", "));
    }
}
