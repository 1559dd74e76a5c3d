package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What other programs have inlined of a dataset in the catalog: rows, and deletes from its lake files. Belongs to its session's thread.
 *
 * @param rows as of the snapshot
 * @param deletedRows of files that are there at the snapshot
 */
public record InlinedByOthers(List<Rows> rows, long deletedRows) {
    private static final String TABLES = """
        SELECT table_name FROM __ducklake_metadata_lake.ducklake_inlined_data_tables WHERE table_id = ? ORDER BY 1
        """;
    private static final String ROWS = """
        SELECT count(*), max(begin_snapshot) FROM __ducklake_metadata_lake.%s
        WHERE begin_snapshot <= ? AND (end_snapshot IS NULL OR end_snapshot > ?) HAVING count(*) > 0
        """;
    private static final String DELETED = """
        SELECT count(*) FROM __ducklake_metadata_lake.%s WHERE begin_snapshot <= ? AND file_id IN (
            SELECT data_file_id FROM __ducklake_metadata_lake.ducklake_data_file
            WHERE table_id = ? AND begin_snapshot <= ? AND (end_snapshot IS NULL OR end_snapshot > ?))
        """;

    /**
     * The rows that stand in one table of the catalog.
     *
     * @param since the snapshot of the newest of them
     */
    public record Rows(String table, long rows, long since) {}

    public InlinedByOthers {
        rows = List.copyOf(rows);
    }

    /** As of a snapshot. */
    public static InlinedByOthers of(LakeSession session, DatasetTable table, long snapshot) {
        long deletedRows = tableOfDeletes(session, table)
                .map(deletes -> session.queryLong(DELETED.formatted(deletes), snapshot, table.id(), snapshot, snapshot))
                .orElse(0L);
        return new InlinedByOthers(rows(session, table, snapshot), deletedRows);
    }

    /** The rows as of now. */
    public static List<Rows> rows(LakeSession session, DatasetTable table) {
        return rows(session, table, Long.MAX_VALUE);
    }

    private static List<Rows> rows(LakeSession session, DatasetTable table, long snapshot) {
        List<Rows> rows = new ArrayList<>();
        for (String inlined : session.query(TABLES, row -> row.getString(1), table.id())) {
            session.queryOne(
                            ROWS.formatted(SqlText.identifier(inlined)),
                            row -> new Rows(inlined, row.getLong(1), row.getLong(2)),
                            snapshot,
                            snapshot)
                    .ifPresent(rows::add);
        }
        return rows;
    }

    /** The name of that table, whether it is there or not. */
    static String deletes(long tableId) {
        return "ducklake_inlined_delete_" + tableId;
    }

    /** The quoted name of the catalog's table that has a dataset's inlined deletes, where there are or were some. */
    public static Optional<String> tableOfDeletes(LakeSession session, DatasetTable table) {
        return Optional.of(deletes(table.id()))
                .filter(new CatalogStatements(session)::hasTable)
                .map(SqlText::identifier);
    }

    public long addedRows() {
        return rows.stream().mapToLong(Rows::rows).sum();
    }
}
