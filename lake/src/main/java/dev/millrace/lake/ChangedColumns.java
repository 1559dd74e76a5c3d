package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gives columns of a table without rows other types, in the caller's transaction: drops them and adds them anew, and all that stand
 * behind them, so that the order of the columns stays.
 *
 * <p>Not by {@code ALTER … TYPE}, after which the engine forgets the statistics of older rows; nor by renaming what was added in the same
 * transaction, which for a column of records leaves a catalog that nothing can read (measured, DuckLake d8a1881e).
 */
final class ChangedColumns {
    private static final String SORT = """
        SELECT e.expression || ' ' || e.sort_direction || ' ' || replace(e.null_order, '_', ' ')
        FROM __ducklake_metadata_lake.ducklake_sort_info i
        JOIN __ducklake_metadata_lake.ducklake_sort_expression e USING (sort_id, table_id)
        WHERE i.table_id = ? AND i.end_snapshot IS NULL ORDER BY e.sort_key_index
        """;
    private static final String EXTRAS = """
        SELECT column_name, column_default, comment FROM duckdb_columns()
        WHERE database_name = 'lake' AND schema_name = ? AND table_name = ?
        """;
    private static final String NO_DEFAULT = "NULL";

    private record Extra(String column, Optional<String> defaultValue, Optional<String> comment) {}

    private final LakeSession session;
    private final DatasetTable table;

    ChangedColumns(LakeSession session, DatasetTable table) {
        this.session = session;
        this.table = table;
    }

    /**
     * Changes them; what they are partitioned and sorted by stays, and what others have given them as comments and defaults.
     *
     * @param after the columns, in the order of those that there are
     */
    void change(List<LakeColumn> after) {
        List<LakeColumn> before = table.columns();
        int first = 0;
        while (first < after.size() && after.get(first).equals(before.get(first))) {
            first++;
        }
        List<LakeColumn> tail = after.subList(first, after.size());
        List<String> names = tail.stream().map(LakeColumn::name).toList();
        List<String> partitionColumns = table.partitionColumns();
        List<String> sort = session.query(SORT, row -> row.getString(1), table.id());
        List<Extra> extras = extras().stream()
                .filter(extra -> names.contains(extra.column()))
                .toList();
        String alter = "ALTER TABLE " + table.sqlName() + " ";
        if (!partitionColumns.isEmpty()) {
            session.execute(alter + "RESET PARTITIONED BY");
        }
        if (!sort.isEmpty()) {
            session.execute(alter + "RESET SORTED BY");
        }
        replace(tail, first == 0, alter);
        if (!partitionColumns.isEmpty()) {
            session.execute(alter + "SET PARTITIONED BY (" + SqlText.identifiers(partitionColumns) + ")");
        }
        if (!sort.isEmpty()) {
            session.execute(alter + "SET SORTED BY (" + String.join(", ", sort) + ")");
        }
        extras.forEach(extra -> restore(extra, alter));
    }

    /** A table can't be without a column for a moment. */
    private void replace(List<LakeColumn> tail, boolean isAll, String alter) {
        String placeholder = SqlText.identifier(unused(tail));
        if (isAll) {
            session.execute(alter + "ADD COLUMN " + placeholder + " INTEGER");
        }
        tail.forEach(column -> {
            session.execute(alter + "DROP COLUMN " + SqlText.identifier(column.name()));
            session.execute(alter + "ADD COLUMN " + SqlText.identifier(column.name()) + " "
                    + column.engineType().sql());
        });
        if (isAll) {
            session.execute(alter + "DROP COLUMN " + placeholder);
        }
    }

    private static String unused(List<LakeColumn> columns) {
        List<String> taken = columns.stream().map(LakeColumn::name).collect(Collectors.toCollection(ArrayList::new));
        String name = "millrace_placeholder";
        while (taken.stream().anyMatch(name::equalsIgnoreCase)) {
            name += "_";
        }
        return name;
    }

    private List<Extra> extras() {
        List<String> address = table.address();
        return session.query(
                EXTRAS,
                row -> new Extra(
                        row.getString(1),
                        Optional.ofNullable(row.getString(2)).filter(value -> !value.equals(NO_DEFAULT)),
                        Optional.ofNullable(row.getString(3))),
                address.get(0),
                address.get(1));
    }

    private void restore(Extra extra, String alter) {
        String column = SqlText.identifier(extra.column());
        extra.defaultValue()
                .ifPresent(value -> session.execute(alter + "ALTER COLUMN " + column + " SET DEFAULT " + value));
        extra.comment()
                .ifPresent(comment -> session.execute(
                        "COMMENT ON COLUMN " + table.sqlName() + "." + column + " IS " + SqlText.literal(comment)));
    }
}
