package dev.millrace.ingester.audit;

import dev.millrace.lake.LakeSession;
import dev.millrace.storage.ObjectStore;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the staged files whose rows are not as often in the lake as they were staged, by comparing the hashes of single rows. Only
 * batches that are suspect are searched, and only staged files that are still there. The engine keeps a hash and a number for each
 * row of them, and spills what does not fit into its memory.
 */
final class RowSearch {
    private static final int WINDOW = 5_000;

    private static final String FOUND = """
            CREATE OR REPLACE TEMP TABLE audit_found AS
            SELECT hash, count(*) AS n FROM (SELECT %s AS file, %s AS hash FROM %s AT (VERSION => %d))
            WHERE file NOT IN (SELECT file FROM audit_lake JOIN audit_batch ON batch_id = writer ANTI JOIN audit_suspect USING (batch_id))
            GROUP BY hash
            """;
    private static final String SEARCHED = """
            CREATE OR REPLACE TEMP TABLE audit_searched AS
            SELECT staged_key, batch_id, CASE WHEN audit_ledger.row_hash IS NOT NULL THEN s.hash END AS footer_hash, ? || staged_key AS address,
                row_number() OVER (ORDER BY staged_key) AS position
            FROM audit_ledger SEMI JOIN audit_suspect USING (batch_id) JOIN audit_staged s ON s.address = ? || staged_key
            """;
    private static final String IS_COMPLETE = """
            SELECT count(*) = 0 FROM audit_ledger l SEMI JOIN audit_suspect USING (batch_id)
            ANTI JOIN audit_searched USING (staged_key) WHERE l.rows > 0
            """;
    private static final String NEXT = """
            SELECT address FROM audit_searched WHERE position > ? AND position <= ? ORDER BY position
            """;
    private static final String ROWS = """
            CREATE OR REPLACE TEMP TABLE audit_row (address VARCHAR, hash UBIGINT, n BIGINT)
            """;
    private static final String COLUMNS = """
            SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false, union_by_name = true))
            """;
    private static final String ADD_ROWS = """
            INSERT INTO audit_row
            SELECT millrace_file, hash, count(*) FROM (
                SELECT millrace_file, %s AS hash FROM (
                    SELECT millrace_file, %s
                    FROM read_parquet(?, hive_partitioning = false, union_by_name = true, filename = 'millrace_file')))
            GROUP BY ALL
            """;
    private static final String DIFFERENCE = """
            CREATE OR REPLACE TEMP TABLE audit_difference AS
            SELECT hash, coalesce(staged.n, 0)::BIGINT AS staged, coalesce(found.n, 0)::BIGINT AS found
            FROM (SELECT hash, sum(n) AS n FROM audit_row GROUP BY hash) staged FULL JOIN audit_found found USING (hash)
            WHERE staged.n IS DISTINCT FROM found.n
            """;
    private static final String TOTALS = """
            SELECT coalesce(sum(greatest(staged - found, 0)), 0)::BIGINT,
                coalesce(sum(CASE WHEN staged > 0 THEN greatest(found - staged, 0) ELSE 0 END), 0)::BIGINT,
                coalesce(sum(CASE WHEN staged = 0 THEN found ELSE 0 END), 0)::BIGINT
            FROM audit_difference
            """;
    private static final String FILES = """
            SELECT staged_key, batch_id, sum(least(n, greatest(staged - found, 0)))::BIGINT AS missing,
                sum(greatest(found - staged, 0))::BIGINT AS doubled
            FROM audit_row r JOIN audit_difference USING (hash) JOIN audit_searched USING (address)
            GROUP BY staged_key, batch_id ORDER BY staged_key LIMIT 100
            """;
    private static final String FALSE_HASHES = """
            SELECT staged_key, batch_id FROM audit_searched
            JOIN (SELECT address, (sum(hash::HUGEINT * n) % 18446744073709551616)::UBIGINT AS hash
                FROM audit_row GROUP BY address) USING (address)
            WHERE hash <> footer_hash ORDER BY staged_key LIMIT 100
            """;

    /**
     * What was found.
     *
     * @param complete whether all staged files of the suspect batches are there; else only missing rows are certain
     * @param missing rows that are staged and not in the lake
     * @param doubled rows that are in the lake more often than staged
     * @param unknown rows of the lake that were not staged
     */
    record Result(
            boolean complete,
            long missing,
            long doubled,
            long unknown,
            List<SearchedFile> files,
            List<SearchedFile> falseHashes) {
        /** Without row hashes nothing can be searched. */
        static final Result NONE = new Result(false, 0, 0, 0, List.of(), List.of());
    }

    /** A staged file with how many of its rows are missing, or doubled. */
    record SearchedFile(String key, String batch, long missing, long doubled) {}

    private final LakeSession session;
    private final ObjectStore staging;

    RowSearch(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    /** Searches; {@link LakeSums} and {@link StagedFooters} have filled their tables before. */
    Result run(String table, HashedColumns columns, long snapshot) {
        String file = columns.has("filename") ? "''" : "filename";
        session.execute(FOUND.formatted(file, columns.rowHash(), table, snapshot));
        session.execute(SEARCHED, staging.root() + "/", staging.root() + "/");
        session.execute(ROWS);
        for (long from = 0; ; from += WINDOW) {
            List<String> window = session.query(NEXT, row -> row.getString(1), from, from + WINDOW);
            if (window.isEmpty()) {
                break;
            }
            Set<String> present = new HashSet<>(session.query(COLUMNS, row -> row.getString(1), window));
            session.execute(ADD_ROWS.formatted(columns.rowHash(), columns.selectList(present)), window);
        }
        session.execute(DIFFERENCE);
        boolean complete =
                session.queryOne(IS_COMPLETE, row -> row.getBoolean(1)).orElseThrow();
        List<SearchedFile> files = session.query(
                FILES, row -> new SearchedFile(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
        List<SearchedFile> falseHashes =
                session.query(FALSE_HASHES, row -> new SearchedFile(row.getString(1), row.getString(2), 0, 0));
        return session.queryOne(
                        TOTALS,
                        row -> new Result(complete, row.getLong(1), row.getLong(2), row.getLong(3), files, falseHashes))
                .orElseThrow();
    }
}
