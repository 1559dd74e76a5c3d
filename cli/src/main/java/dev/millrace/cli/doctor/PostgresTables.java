package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How large the catalog's tables are, and what this user may do with them. */
final class PostgresTables implements Check {
    /** The lake is where its table of metadata is found without a schema; its inlined rows are in tables beside it. */
    private static final String SIZES = """
            SELECT c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint,
                has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT')
            FROM pg_class c
            WHERE c.relkind = 'r' AND c.relname LIKE 'ducklake\\_%'
                AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('ducklake_metadata'))
            ORDER BY 2 DESC, 1
            """;

    private static final int SHOWN = 5;

    private record Table(String name, long bytes, long rows, boolean isReadable, boolean isWritable) {}

    private final Supplier<PostgresConnection> connection;

    PostgresTables(Supplier<PostgresConnection> connection) {
        this.connection = connection;
    }

    @Override
    public Finding look() throws SQLException {
        List<Table> tables = connection
                .get()
                .query(
                        SIZES,
                        row -> new Table(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getBoolean(4),
                                row.getBoolean(5)));
        if (tables.isEmpty()) {
            return Finding.failed(
                    "no DuckLake in this database, or none that this user may see",
                    "run 'millrace init', or give the user its rights: infra/roles has them");
        }
        String seen = Quantity.of(tables.size(), "table") + " of the catalog, "
                + Quantity.bytes(tables.stream().mapToLong(Table::bytes).sum()) + "; this user may "
                + (tables.stream().allMatch(Table::isWritable)
                        ? "write them"
                        : tables.stream().allMatch(Table::isReadable) ? "only read them" : "not read all of them");
        return Finding.ok(seen)
                .withItems(
                        tables.stream().limit(SHOWN).map(PostgresTables::item).toList());
    }

    private static Item item(Table table) {
        return new Item(
                table.name(),
                Status.OK,
                Quantity.bytes(table.bytes()) + ", about " + Quantity.of(table.rows(), "row"),
                Map.of("bytes", table.bytes(), "rows", table.rows()));
    }
}
