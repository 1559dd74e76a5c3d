package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.sql.SqlText;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Counts what each table of the lake holds, schema by schema, by what the catalog says. */
final class LakeInventory implements Check {
    private static final String TABLES = """
            SELECT s.schema_name, t.table_name, coalesce(f.files, 0), coalesce(f.bytes, 0),
                coalesce(f.rows, 0) - coalesce(d.rows, 0),
                t.table_id IN (SELECT table_id FROM __ducklake_metadata_lake.ducklake_inlined_data_tables)
            FROM __ducklake_metadata_lake.ducklake_table t
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            LEFT JOIN (
                SELECT table_id, count(*) AS files, sum(file_size_bytes) AS bytes, sum(record_count) AS rows
                FROM __ducklake_metadata_lake.ducklake_data_file WHERE end_snapshot IS NULL GROUP BY table_id
            ) f USING (table_id)
            LEFT JOIN (
                SELECT table_id, sum(delete_count) AS rows
                FROM __ducklake_metadata_lake.ducklake_delete_file WHERE end_snapshot IS NULL GROUP BY table_id
            ) d USING (table_id)
            WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL AND s.schema_name <> 'millrace'
            ORDER BY s.schema_name, t.table_name
            """;

    private record Table(String schema, String name, long files, long bytes, long rows, boolean mayBeInlined) {
        String fullName() {
            return schema + "." + name;
        }
    }

    private final Supplier<LakeSession> session;
    private final Predicate<String> isWanted;

    /** @param isWanted which tables, by {@code schema.table} */
    LakeInventory(Supplier<LakeSession> session, Predicate<String> isWanted) {
        this.session = session;
        this.isWanted = isWanted;
    }

    @Override
    public Finding look() {
        List<Table> tables = session
                .get()
                .query(
                        TABLES,
                        row -> new Table(
                                row.getString(1),
                                row.getString(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getBoolean(6)))
                .stream()
                .filter(table -> isWanted.test(table.fullName()))
                .toList();
        List<Item> items = tables.stream().map(this::item).toList();
        long rows = items.stream().mapToLong(item -> item.numbers().get("rows")).sum();
        long schemas = tables.stream().map(Table::schema).distinct().count();
        Status status = items.stream().map(Item::status).reduce(Status.OK, Status::worse);
        return Finding.of(
                        status,
                        Quantity.of(tables.size(), "table") + " in " + Quantity.of(schemas, "schema") + ", "
                                + Quantity.of(rows, "row"),
                        "see whether this user may read all of the catalog: 'catalog database: tables'")
                .withItems(items);
    }

    /** Rows that stand in the catalog itself, or are deleted there, are in no file's count; such tables are read. */
    private Item item(Table table) {
        long rows = table.rows();
        String about = "";
        if (table.mayBeInlined()) {
            try {
                rows = session.get()
                        .queryLong("SELECT count(*) FROM " + LakeSession.ALIAS + "."
                                + SqlText.identifier(table.schema()) + "." + SqlText.identifier(table.name()));
            } catch (StatementException e) {
                about = " by the catalog (reading them failed: " + e.firstLine() + ")";
            }
        }
        return new Item(
                table.fullName(),
                about.isEmpty() ? Status.OK : Status.WARNING,
                Quantity.of(rows, "row") + " in " + Quantity.of(table.files(), "file") + ", "
                        + Quantity.bytes(table.bytes()) + about,
                Map.of("rows", rows, "files", table.files(), "bytes", table.bytes()));
    }
}
