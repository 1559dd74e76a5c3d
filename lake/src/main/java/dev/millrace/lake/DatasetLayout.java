package dev.millrace.lake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * How the catalog describes a dataset whose lake files can be made known without the engine: of plain columns, and partitioned by some of them as
 * they are.
 *
 * @param columns in their order, which is that of written files
 * @param partitionId absent for a dataset without partitions
 * @param since the snapshot with which the newest of the columns, or of their types, came
 */
record DatasetLayout(long tableId, List<Column> columns, OptionalLong partitionId, long since) {
    /** The only format of a catalog that is known here. */
    private static final String IS_KNOWN = """
        SELECT count(*) = 2 FROM __ducklake_metadata_lake.ducklake_metadata
        WHERE scope IS NULL AND (key, value) IN (('version', '1.0'), ('encrypted', 'false'))
        """;

    private static final String COLUMNS = """
        SELECT column_id, column_name, column_type, parent_column IS NOT NULL, begin_snapshot
        FROM __ducklake_metadata_lake.ducklake_column
        WHERE table_id = ? AND end_snapshot IS NULL ORDER BY column_order
        """;
    private static final String PARTITION = """
        SELECT i.partition_id, p.column_id, p.partition_key_index, p.transform
        FROM __ducklake_metadata_lake.ducklake_partition_info i
        JOIN __ducklake_metadata_lake.ducklake_partition_column p USING (partition_id, table_id)
        WHERE i.table_id = ? AND i.end_snapshot IS NULL
        """;

    private static final Pattern NUMBERS =
            Pattern.compile("u?int(8|16|32|64|128)|float(32|64)|decimal(\\([0-9, ]+\\))?");
    private static final Pattern OTHERS =
            Pattern.compile("boolean|varchar|blob|uuid|date|time|timestamp(_us|_ms|_ns|_s)?|timestamptz");

    /**
     * A column.
     *
     * @param kind how the engine compares what footers say of it
     * @param partitionKey its place among the partition columns; absent when it is none
     */
    record Column(long id, String name, ColumnBounds.Kind kind, OptionalLong partitionKey) {}

    private record PartitionColumn(long partitionId, long columnId, long key, boolean isIdentity) {}

    private record Described(long id, String name, String type, boolean isNested, long since) {
        boolean isPlain() {
            return !isNested && (isNumber() || OTHERS.matcher(type).matches());
        }

        boolean isNumber() {
            return NUMBERS.matcher(type).matches();
        }
    }

    /** Absent where the engine has to do it. */
    static Optional<DatasetLayout> of(LakeSession session, DatasetTable table) {
        long tableId = table.id();
        if (!session.queryOne(IS_KNOWN, row -> row.getBoolean(1)).orElseThrow()) {
            return Optional.empty();
        }
        List<Described> columns = session.query(
                COLUMNS,
                row -> new Described(
                        row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getLong(5)),
                tableId);
        List<PartitionColumn> keys = session.query(
                PARTITION,
                row -> new PartitionColumn(
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getString(4).equals("identity")),
                tableId);
        if (!columns.stream().allMatch(Described::isPlain) || !keys.stream().allMatch(PartitionColumn::isIdentity)) {
            return Optional.empty();
        }
        Map<Long, Long> places = new HashMap<>();
        keys.forEach(key -> places.put(key.columnId(), key.key()));
        return Optional.of(new DatasetLayout(
                tableId,
                columns.stream()
                        .map(column -> new Column(
                                column.id(),
                                column.name(),
                                column.isNumber() ? ColumnBounds.Kind.NUMBER : ColumnBounds.Kind.TEXT,
                                places.containsKey(column.id())
                                        ? OptionalLong.of(places.get(column.id()))
                                        : OptionalLong.empty()))
                        .toList(),
                keys.stream().mapToLong(PartitionColumn::partitionId).findFirst(),
                columns.stream().mapToLong(Described::since).max().orElseThrow()));
    }
}
