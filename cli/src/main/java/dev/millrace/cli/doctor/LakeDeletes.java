package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.LakeSession;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whether a lake file has more than one set of deletes that holds. Two programs which delete from one file at once bring the
 * engine to it (DuckLake d8a1881e), and it reads the rows of such a file once for each set.
 */
final class LakeDeletes implements Check {
    private static final String DISPUTED = """
            SELECT s.schema_name || '.' || t.table_name, count(*) FROM (
                SELECT table_id, data_file_id FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE end_snapshot IS NULL GROUP BY table_id, data_file_id HAVING count(*) > 1
            )
            JOIN __ducklake_metadata_lake.ducklake_data_file f USING (table_id, data_file_id)
            JOIN __ducklake_metadata_lake.ducklake_table t USING (table_id)
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            WHERE f.end_snapshot IS NULL AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
            GROUP BY 1 ORDER BY 1
            """;
    private static final String REMEDY =
            "let one program at a time delete from a table or update it; what such a file held"
                    + " before can be read with AT (VERSION => ...), and its rows written anew by one DELETE and one INSERT";

    private final Supplier<LakeSession> session;
    private final Predicate<String> isWanted;

    /** @param isWanted which tables, by {@code schema.table} */
    LakeDeletes(Supplier<LakeSession> session, Predicate<String> isWanted) {
        this.session = session;
        this.isWanted = isWanted;
    }

    @Override
    public Finding look() {
        List<Item> items = session.get().query(DISPUTED, row -> Map.entry(row.getString(1), row.getLong(2))).stream()
                .filter(disputed -> isWanted.test(disputed.getKey()))
                .map(disputed -> new Item(
                        disputed.getKey(),
                        Status.FAILED,
                        Quantity.of(disputed.getValue(), "file")
                                + " with more than one set of deletes: their rows are read more than once",
                        Map.of("files", disputed.getValue())))
                .toList();
        return items.isEmpty()
                ? Finding.ok("no file has more than one set of deletes")
                : Finding.failed("two programs have deleted from one file at once", REMEDY)
                        .withItems(items);
    }
}
