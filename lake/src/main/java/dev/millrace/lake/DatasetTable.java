package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The lake's table of a dataset: named, described, measured; {@link DatasetContract} makes it. Belongs to its session's thread. */
public final class DatasetTable {
    private static final String COLUMNS = """
            SELECT column_name, data_type FROM duckdb_columns()
            WHERE database_name = 'lake' AND schema_name = ? AND table_name = ? ORDER BY column_index
            """;
    private static final String TABLE = """
            SELECT t.table_id, s.path, s.path_is_relative, t.path, t.path_is_relative
            FROM __ducklake_metadata_lake.ducklake_table t
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            WHERE s.schema_name = ? AND t.table_name = ? AND t.end_snapshot IS NULL AND s.end_snapshot IS NULL
            """;
    private static final String PARTITION_COLUMNS = """
            SELECT c.column_name
            FROM __ducklake_metadata_lake.ducklake_partition_info i
            JOIN __ducklake_metadata_lake.ducklake_partition_column p USING (partition_id, table_id)
            JOIN __ducklake_metadata_lake.ducklake_column c
                ON c.column_id = p.column_id AND c.table_id = i.table_id AND c.end_snapshot IS NULL
            WHERE i.table_id = ? AND i.end_snapshot IS NULL ORDER BY p.partition_key_index
            """;
    private static final String FILES = """
            SELECT count(*), coalesce(sum(file_size_bytes), 0)
            FROM __ducklake_metadata_lake.ducklake_data_file WHERE table_id = ? AND end_snapshot IS NULL
            """;

    /** Of registered files by their footers: no file is read. What a delete has taken away may still be counted in. */
    private static final String NEWEST = """
            SELECT TRY_CAST(max_value AS TIMESTAMPTZ)
            FROM __ducklake_metadata_lake.ducklake_table_column_stats s
            JOIN __ducklake_metadata_lake.ducklake_column c USING (table_id, column_id)
            WHERE table_id = ? AND c.column_name = ? AND c.end_snapshot IS NULL AND c.parent_column IS NULL
            """;

    /** As above, where the column came when the table had rows already: the engine keeps statistics of its files only then. */
    private static final String NEWEST_OF_FILES = """
            SELECT max(TRY_CAST(s.max_value AS TIMESTAMPTZ))
            FROM __ducklake_metadata_lake.ducklake_file_column_stats s
            JOIN __ducklake_metadata_lake.ducklake_data_file f USING (data_file_id, table_id)
            JOIN __ducklake_metadata_lake.ducklake_column c USING (table_id, column_id)
            WHERE table_id = ? AND f.end_snapshot IS NULL
                AND c.column_name = ? AND c.end_snapshot IS NULL AND c.parent_column IS NULL
            """;

    /** The dataset's size now. */
    public record Size(long rows, long files, long bytes) {}

    private record Location(long tableId, String folder) {}

    private final LakeSession session;
    private final DatasetName dataset;

    public DatasetTable(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
    }

    /** The table's name in SQL. */
    public String sqlName() {
        return LakeSession.ALIAS + "." + SqlText.identifier(dataset.schema()) + "."
                + SqlText.identifier(dataset.table());
    }

    /** The columns in the lake, empty when there is no such table. */
    public List<LakeColumn> columns() {
        return session.query(
                COLUMNS, row -> new LakeColumn(row.getString(1), row.getString(2)), dataset.schema(), dataset.table());
    }

    /** The number by which the catalog's own tables know it. */
    public long id() {
        return location().tableId();
    }

    /** Its schema and its name. */
    List<String> address() {
        return List.of(dataset.schema(), dataset.table());
    }

    /** The folder or prefix of the dataset's lake files, with the slash at its end. */
    public String folder() {
        return location().folder();
    }

    /** Rows as a reader counts them now, files and their bytes as the catalog has them. */
    public Size size() {
        long rows = session.queryLong("SELECT count(*) FROM " + sqlName());
        return session.queryOne(
                        FILES,
                        row -> new Size(rows, row.getLong(1), row.getLong(2)),
                        location().tableId())
                .orElseThrow();
    }

    /** What has to be written anew when a column is widened, as the catalog has it. */
    public RewriteSize rewriteSize() {
        return RewriteSources.read(session, this).size();
    }

    /**
     * The largest value of a date or timestamp column as the catalog's statistics have it; of a date its beginning, in UTC. Absent when
     * no row has one.
     */
    public Optional<Instant> newest(String column) {
        return newest(NEWEST, column).or(() -> newest(NEWEST_OF_FILES, column));
    }

    private Optional<Instant> newest(String sql, String column) {
        return session
                .query(
                        sql,
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)),
                        location().tableId(),
                        column)
                .stream()
                .flatMap(Optional::stream)
                .map(OffsetDateTime::toInstant)
                .findFirst();
    }

    /** The columns that the lake's files are partitioned by. */
    List<String> partitionColumns() {
        return session.query(
                PARTITION_COLUMNS, row -> row.getString(1), location().tableId());
    }

    private Location location() {
        Optional<Location> location = session.queryOne(
                TABLE,
                row -> new Location(
                        row.getLong(1),
                        below(
                                below(session.address().dataPath(), row.getString(2), row.getBoolean(3)),
                                row.getString(4),
                                row.getBoolean(5))),
                dataset.schema(),
                dataset.table());
        return location.orElseThrow(() -> new LakeException(
                "dataset '" + dataset + "' is not in the lake yet; run 'millrace init', which makes it"));
    }

    private static String below(String parent, String path, boolean isRelative) {
        return isRelative ? parent + path : path;
    }
}
