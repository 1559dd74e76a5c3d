package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the catalog keeps the rows of a table of the pipeline, and what it says of them: for writing such a row as the engine does (DuckLake
 * d8a1881e), in a transaction of the catalog's database.
 *
 * @param tableId by which the catalog knows the table
 * @param rows the name of the newest table of its rows
 * @param columns their ids by their names, in their order
 */
record InlinedTable(long tableId, String rows, Map<String, Long> columns) {
    private static final String FIND = """
        SELECT t.table_id, i.table_name
        FROM __ducklake_metadata_lake.ducklake_table t
        JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
        JOIN __ducklake_metadata_lake.ducklake_inlined_data_tables i ON i.table_id = t.table_id
        WHERE s.schema_name = 'millrace' AND s.end_snapshot IS NULL AND t.table_name = ? AND t.end_snapshot IS NULL
        ORDER BY i.schema_version DESC LIMIT 1
        """;
    private static final String COLUMNS = """
        SELECT column_name, column_id FROM __ducklake_metadata_lake.ducklake_column
        WHERE table_id = ? AND end_snapshot IS NULL AND parent_column IS NULL ORDER BY column_order
        """;
    private static final String BOUNDS = """
        SELECT column_id, contains_null, min_value, max_value FROM ducklake_table_column_stats WHERE table_id = %d
        """;
    private static final String SET_BOUNDS = """
        UPDATE ducklake_table_column_stats SET contains_null = %s, min_value = %s, max_value = %s
        WHERE table_id = %d AND column_id = %d\
        """;

    private static final String FIRST_BOUNDS = """
        INSERT INTO ducklake_table_column_stats (table_id, column_id, contains_null, min_value, max_value)
        VALUES (%d, %d, %s, %s, %s)\
        """;

    /** Absent where the catalog has no such table. */
    static Optional<InlinedTable> find(LakeSession session, String name) {
        return session.queryOne(FIND, row -> new InlinedTable(row.getLong(1), row.getString(2), Map.of()), name)
                .map(found -> {
                    Map<String, Long> columns = new LinkedHashMap<>();
                    session.query(COLUMNS, row -> columns.put(row.getString(1), row.getLong(2)), found.tableId());
                    return new InlinedTable(found.tableId(), found.rows(), columns);
                });
    }

    /** A value of a column; absent for NULL. */
    record Value(String column, ColumnBounds.Kind kind, Optional<String> text) {
        static Value number(String column, long number) {
            return new Value(column, ColumnBounds.Kind.NUMBER, Optional.of(Long.toString(number)));
        }

        static Value text(String column, String text) {
            return new Value(column, ColumnBounds.Kind.TEXT, Optional.of(text));
        }

        static Value time(String column, Instant time) {
            return new Value(column, ColumnBounds.Kind.TIME, Optional.of(ColumnBounds.text(time)));
        }
    }

    /** The statement that inserts a row of these values, which are those of all columns. */
    String insert(CatalogStatements catalog, long rowId, long snapshot, List<Value> values) {
        List<String> names = new ArrayList<>(List.of("row_id", "begin_snapshot"));
        List<String> literals = new ArrayList<>(List.of(Long.toString(rowId), Long.toString(snapshot)));
        for (Value value : values) {
            names.add(value.column());
            literals.add(literal(catalog, value));
        }
        return "INSERT INTO " + SqlText.identifier(rows) + " (" + SqlText.identifiers(names) + ") VALUES ("
                + String.join(", ", literals) + ")";
    }

    private static String literal(CatalogStatements catalog, Value value) {
        return value.text()
                .map(text -> switch (value.kind()) {
                    case NUMBER -> text;
                    case TIME -> SqlText.literal(text);
                    case TEXT -> catalog.inlined(text);
                })
                .orElse("NULL");
    }

    /** The statements that make the catalog know of such values: a reader trusts what it says of a column. */
    List<String> widenBounds(CatalogStatements catalog, List<Value> values) {
        Map<Long, ColumnBounds> bounds = new HashMap<>();
        for (List<String> row : catalog.query(BOUNDS.formatted(tableId))) {
            bounds.put(
                    Long.parseLong(row.get(0)),
                    new ColumnBounds(
                            Optional.ofNullable(row.get(1)).map(InlinedTable::isTrue),
                            Optional.ofNullable(row.get(2)),
                            Optional.ofNullable(row.get(3))));
        }
        List<String> statements = new ArrayList<>();
        for (Value value : values) {
            long column = columns.get(value.column());
            ColumnBounds before = bounds.get(column);
            if (before == null) {
                // The engine says something of all columns of a table that has had rows, or of those that it knows when
                // the first ones come.
                if (bounds.isEmpty()) {
                    statements.add(firstBounds(column, ColumnBounds.NONE.with(value.kind(), value.text())));
                }
                continue;
            }
            ColumnBounds after = before.with(value.kind(), value.text());
            if (!after.equals(before)) {
                statements.add(SET_BOUNDS.formatted(
                        containsNull(after), text(after.min()), text(after.max()), tableId, column));
            }
        }
        return statements;
    }

    private String firstBounds(long column, ColumnBounds bounds) {
        return FIRST_BOUNDS.formatted(tableId, column, containsNull(bounds), text(bounds.min()), text(bounds.max()));
    }

    private static String containsNull(ColumnBounds bounds) {
        return bounds.containsNull().map(known -> known ? "true" : "false").orElse("NULL");
    }

    private static String text(Optional<String> bound) {
        return bound.map(SqlText::literal).orElse("NULL");
    }

    static boolean isTrue(String flag) {
        return flag.equals("1") || flag.equals("true") || flag.equals("t");
    }
}
