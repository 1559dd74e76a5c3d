package dev.millrace.ingester;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.UpsertedBatch;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.WriteMode.Upsert;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holds the keys of a batch against the lake, as it is at one snapshot, in temporary tables of the engine: {@code upsert_row} has the
 * last row of each key of the batch, {@code upsert_match} the lake's rows with such a key, {@code upsert_winner} those of the batch
 * that no later one is known of.
 *
 * <p>Only key, version and marker are read of a row. The engine opens the lake files whose statistics allow for a key between the batch's
 * smallest and largest one, or for one of them where there are few, in whatever partition they stand; and it spills what does not fit
 * into its memory.
 */
final class KeyLookup {
    /** So many values of a key column are named one by one; of more only the smallest and the largest. */
    private static final int NAMED_VALUES = 100;

    private static final String NEWEST_SNAPSHOT = "SELECT id FROM lake.current_snapshot()";

    private static final String ROWS = """
            CREATE OR REPLACE TEMP TABLE upsert_row AS
            SELECT %1$s, last.position AS position, last.deletes AS deletes, last.version AS version FROM (
                SELECT %1$s, arg_max({'position': position, 'deletes': deletes, 'version': version}, %2$s) AS last
                FROM (SELECT %3$s, millrace_file::BIGINT * 1099511627776 + millrace_line AS position,
                        %4$s AS deletes, %5$s AS version FROM (%6$s))
                GROUP BY %1$s)
            """;
    private static final String SOME_VALUES = "SELECT DISTINCT %s::VARCHAR FROM upsert_row LIMIT " + (NAMED_VALUES + 1);
    private static final String RANGE = "SELECT min(%1$s)::VARCHAR, max(%1$s)::VARCHAR FROM upsert_row";
    private static final String MATCHES = """
        CREATE OR REPLACE TEMP TABLE upsert_match AS
        SELECT r.position, r.deletes, coalesce(%s, false) AS is_newer, filename AS file%s
        FROM %s AS t AT (VERSION => %d) JOIN upsert_row r ON %s WHERE %s
        """;
    private static final String DROPPED = """
            CREATE OR REPLACE TEMP TABLE upsert_dropped AS
            SELECT DISTINCT position FROM (SELECT position FROM upsert_match WHERE is_newer%s)
            """;
    private static final String DELETED_LATER = """
         UNION ALL SELECT r.position FROM %s AS t AT (VERSION => %d) JOIN upsert_row r ON %s WHERE t.%s > r.version
        """;
    private static final String WINNERS = """
            CREATE OR REPLACE TEMP TABLE upsert_winner AS FROM upsert_row ANTI JOIN upsert_dropped USING (position)
            """;
    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM upsert_winner WHERE NOT deletes), (SELECT count(*) FROM upsert_winner WHERE deletes),
                count(*) FILTER (NOT deletes), count(*) FILTER (deletes)
            FROM upsert_match ANTI JOIN upsert_dropped USING (position)
            """;
    private static final String TOUCHED = """
            WITH leaving AS MATERIALIZED (
                SELECT file, count(*) AS rows%1$s
                FROM upsert_match ANTI JOIN upsert_dropped USING (position) GROUP BY file),
            deleted AS (
                SELECT data_file_id, max(delete_count) AS rows FROM __ducklake_metadata_lake.ducklake_delete_file
                WHERE table_id = $1 AND begin_snapshot <= $2 AND (end_snapshot IS NULL OR end_snapshot > $2)
                GROUP BY data_file_id),
            known AS (
                SELECT CASE WHEN f.path_is_relative THEN $3 ELSE '' END || f.path AS file,
                    record_count - coalesce(deleted.rows, 0) AS rows, coalesce(deleted.rows, 0) AS deleted_rows, file_size_bytes
                FROM __ducklake_metadata_lake.ducklake_data_file f LEFT JOIN deleted USING (data_file_id)
                WHERE f.table_id = $1 AND f.begin_snapshot <= $2 AND (f.end_snapshot IS NULL OR f.end_snapshot > $2))
            SELECT file, known.rows, known.deleted_rows, known.file_size_bytes, leaving.rows%2$s
            FROM leaving LEFT JOIN known USING (file)
            """;

    /**
     * What a batch does to the lake.
     *
     * @param snapshot at which it was looked up
     */
    record Found(long snapshot, UpsertedBatch.Rows rows, List<TouchedFile> touched) {
        Found {
            touched = List.copyOf(touched);
        }
    }

    private final LakeSession session;
    private final Contract contract;
    private final Upsert mode;
    private final DatasetTable table;

    KeyLookup(LakeSession session, Contract contract, Upsert mode) {
        this.session = session;
        this.contract = contract;
        this.mode = mode;
        this.table = new DatasetTable(session, contract.dataset());
    }

    /**
     * Looks a batch up.
     *
     * @param staged a SELECT of its rows with {@code millrace_file} and {@code millrace_line}, which tell their order
     * @param values of that statement
     * @param stagedRows how many those are; at least one
     */
    Found find(String staged, Object values, long stagedRows) {
        long snapshot = session.queryLong(NEWEST_SNAPSHOT);
        session.execute(
                ROWS.formatted(
                        keys((i, column) -> key(i)),
                        mode.version().isPresent() ? "row(version, position)" : "position",
                        keys((i, column) -> SqlText.identifier(column) + " AS " + key(i)),
                        mode.deleteMarker()
                                .map(marker -> "coalesce(" + SqlText.identifier(marker) + ", false)")
                                .orElse("false"),
                        mode.version().map(SqlText::identifier).orElse("0"),
                        staged),
                values);
        session.execute(MATCHES.formatted(
                mode.version()
                        .map(version -> "t." + SqlText.identifier(version) + " > r.version")
                        .orElse("false"),
                partitions((i, column) -> ", t." + SqlText.identifier(column) + "::VARCHAR AS " + partition(i)),
                table.sqlName(),
                snapshot,
                sameKey(),
                canHoldKeys()));
        session.execute(DROPPED.formatted(contract.deletedKeys()
                .map(deleted -> DELETED_LATER.formatted(
                        new DatasetTable(session, deleted.dataset()).sqlName(),
                        snapshot,
                        sameKey(),
                        SqlText.identifier(mode.version().orElseThrow())))
                .orElse("")));
        session.execute(WINNERS);
        UpsertedBatch.Rows rows = session.queryOne(
                        COUNTS,
                        row -> new UpsertedBatch.Rows(
                                stagedRows,
                                row.getLong(1),
                                row.getLong(3),
                                stagedRows - row.getLong(1) - row.getLong(2),
                                row.getLong(2),
                                row.getLong(4)))
                .orElseThrow();
        return new Found(snapshot, rows, touched(snapshot));
    }

    /** A condition, by statistics of lake files, for where a key of the batch can be. */
    private String canHoldKeys() {
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < mode.key().size(); i++) {
            String column = "t." + SqlText.identifier(mode.key().get(i));
            List<String> some = session.query(SOME_VALUES.formatted(key(i)), row -> row.getString(1));
            boolean areNamed = some.size() <= NAMED_VALUES;
            List<String> values = areNamed ? some : range(i);
            // What can't be a part of SQL narrows nothing down.
            if (values.stream().noneMatch(value -> value.indexOf('\0') >= 0)) {
                List<String> literals = values.stream().map(SqlText::literal).toList();
                conditions.add(
                        areNamed
                                ? column + " IN (" + String.join(", ", literals) + ")"
                                : column + " BETWEEN " + String.join(" AND ", literals));
            }
        }
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    private List<String> range(int index) {
        return session.queryOne(RANGE.formatted(key(index)), row -> List.of(row.getString(1), row.getString(2)))
                .orElseThrow();
    }

    private List<TouchedFile> touched(long snapshot) {
        return session.query(
                TOUCHED.formatted(
                        partitions((i, column) -> ", any_value(" + partition(i) + ") AS " + partition(i)),
                        partitions((i, column) -> ", leaving." + partition(i))),
                this::touchedFile,
                table.id(),
                snapshot,
                table.folder());
    }

    private TouchedFile touchedFile(ResultSet row) throws SQLException {
        long rows = row.getLong(2);
        if (row.wasNull()) {
            throw new LakeException("dataset '" + contract.dataset()
                    + "': rows that the batch replaces stand in the catalog (" + row.getString(1)
                    + ") and not in a lake file. Nothing was changed; run 'millrace compact', which writes them to"
                    + " files, and ingest again");
        }
        List<Optional<String>> partition = new ArrayList<>();
        for (int i = 0; i < contract.partitionBy().size(); i++) {
            partition.add(Optional.ofNullable(row.getString(6 + i)));
        }
        return new TouchedFile(row.getString(1), partition, rows, row.getLong(3), row.getLong(4), row.getLong(5));
    }

    /** A row {@code t} of the lake has the key of a row {@code r} of the batch. */
    String sameKey() {
        return IntStream.range(0, mode.key().size())
                .mapToObj(i ->
                        "r." + key(i) + " = t." + SqlText.identifier(mode.key().get(i)))
                .collect(Collectors.joining(" AND "));
    }

    /** The columns of {@code upsert_winner} as the table of deleted keys has them. */
    String deletedKey() {
        return keys((i, column) -> key(i) + " AS " + SqlText.identifier(column)) + ", version AS "
                + SqlText.identifier(mode.version().orElseThrow());
    }

    private interface Spelling {
        String of(int index, String column);
    }

    private String keys(Spelling spelling) {
        return spelled(mode.key(), spelling, ", ");
    }

    private String partitions(Spelling spelling) {
        return spelled(contract.partitionBy(), spelling, "");
    }

    private static String spelled(List<String> columns, Spelling spelling, String separator) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> spelling.of(i, columns.get(i)))
                .collect(Collectors.joining(separator));
    }

    private static String key(int index) {
        return "k" + index;
    }

    private static String partition(int index) {
        return "p" + index;
    }
}
