package dev.millrace.ingester.audit;

import dev.millrace.ingester.audit.AuditReport.Sums;
import dev.millrace.lake.LakeFileName;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.RowHashSql;
import java.util.Optional;

/**
 * Holds what the lake has against what the ledger says, batch by batch, in temporary tables of the engine: {@code audit_ledger},
 * {@code audit_lake} and {@code audit_batch}.
 *
 * <p>A lake file that an ingest has written has the batch's id in its name. Rows that a compaction has merged have lost it, so all
 * batches that are not whole any more are compared with all merged files together.
 */
final class LakeSums {
    private static final String MODULO = "18446744073709551616";

    /** Other names, and decimals with more digits behind the point, are other hashes. */
    private static final String LEDGER = """
            CREATE OR REPLACE TEMP TABLE audit_ledger AS
            SELECT *, try_cast('0x' || row_hash AS UBIGINT) AS hash FROM (
                SELECT staged_key, staged_bytes, rows, batch_id,
                    CASE WHEN renamed_until IS NULL OR decided_at > renamed_until THEN row_hash END AS row_hash
                FROM lake.millrace.ledger AT (VERSION => %1$d),
                    (SELECT max(ledger_until) AS renamed_until FROM lake.millrace.evolution AT (VERSION => %1$d)
                    WHERE dataset = ? AND (change = 'column-renamed' OR (change = 'column-widened' AND type LIKE '%%DECIMAL(%%')))
                WHERE dataset = ? AND status = 'loaded')
            """;

    private static final String OLDER_ROWS = """
            SELECT coalesce(sum(rows), 0)::BIGINT FROM audit_ledger WHERE starts_with(row_hash, ?)
            """;
    private static final String LAKE = """
            CREATE OR REPLACE TEMP TABLE audit_lake AS
            SELECT file, regexp_extract(file, ?, 1) AS writer, count(*) AS rows, (sum(hash) %% %s)::UBIGINT AS hash
            FROM (SELECT %s AS file, %s AS hash FROM %s AT (VERSION => %d)) GROUP BY file
            """;
    private static final String BATCH = """
            CREATE OR REPLACE TEMP TABLE audit_batch AS
            SELECT batch_id, staged.rows, staged.hash, unhashed = 0 AND %s AS has_hash,
                coalesce(written.rows, 0) AS lake_rows, coalesce(written.hash, 0::UBIGINT) AS lake_hash
            FROM (SELECT batch_id, sum(rows)::BIGINT AS rows, (coalesce(sum(hash), 0) %% %s)::UBIGINT AS hash,
                    count(*) FILTER (hash IS NULL AND rows > 0) AS unhashed
                FROM audit_ledger GROUP BY batch_id) staged
            LEFT JOIN (SELECT writer AS batch_id, sum(rows)::BIGINT AS rows, (sum(hash) %% %s)::UBIGINT AS hash
                FROM audit_lake GROUP BY writer) written USING (batch_id)
            """;
    private static final String SUSPECTS = """
            CREATE OR REPLACE TEMP TABLE audit_suspect AS
            SELECT batch_id FROM audit_batch
            WHERE rows <> lake_rows OR (has_hash AND hash <> lake_hash)
            """;

    /** In the words of {@link Comparison}. */
    private static final String COMPARISON = """
            WITH open AS (FROM audit_batch WHERE lake_rows < rows),
                merged AS (FROM audit_lake ANTI JOIN audit_batch ON batch_id = writer)
            SELECT (SELECT count(*) FROM audit_batch WHERE lake_rows > rows OR (lake_rows = rows AND has_hash AND hash <> lake_hash)),
                (SELECT coalesce(sum(rows - lake_rows), 0)::BIGINT FROM open),
                (SELECT coalesce(sum(rows), 0)::BIGINT FROM merged),
                (SELECT coalesce(bool_and(has_hash), true) FROM open),
                (SELECT (coalesce(sum(hash), 0) + coalesce(sum(%1$s - lake_hash::HUGEINT), 0)) %% %1$s FROM open)
                    = (SELECT coalesce(sum(hash), 0) %% %1$s FROM merged)
            """;

    private static final String STAGED_SUMS = sums("audit_staged", "count(*)");
    private static final String LEDGER_SUMS = sums("audit_ledger", "count(*)");
    private static final String LAKE_SUMS = sums("audit_lake", "count(*)");

    /**
     * How ledger and lake compare.
     *
     * @param differingBatches whose own files hold too many rows, or others
     * @param openRows of batches whose own files hold too few: they must stand in merged files
     * @param mergedRows in files that bear the name of no batch
     * @param openRowsAreHashed whether the hash of the open rows is known
     * @param mergedHashFits whether it is that of the merged rows
     */
    record Comparison(
            long differingBatches, long openRows, long mergedRows, boolean openRowsAreHashed, boolean mergedHashFits) {
        boolean holds() {
            return differingBatches == 0 && openRows == mergedRows && (!openRowsAreHashed || mergedHashFits);
        }
    }

    private final LakeSession session;

    LakeSums(LakeSession session) {
        this.session = session;
    }

    void readLedger(DatasetName dataset, long snapshot) {
        session.execute(LEDGER.formatted(snapshot), dataset.toString(), dataset.toString());
    }

    /** The rows of files that an older version has staged: the hashes in their footers can't be compared. */
    long olderRows() {
        return session.queryLong(OLDER_ROWS, RowHashSql.OLDER);
    }

    /** Reads every row of the dataset once. */
    Comparison compare(String table, HashedColumns columns, long snapshot) {
        // A column of that name hides the engine's own, which tells the file of a row: then all counts as merged.
        String file = columns.has("filename") ? "''" : "filename";
        session.execute(LAKE.formatted(MODULO, file, columns.rowHash(), table, snapshot), LakeFileName.WRITER);
        session.execute(BATCH.formatted(columns.canHash(), MODULO, MODULO));
        session.execute(SUSPECTS);
        return session.queryOne(
                        COMPARISON.formatted(MODULO),
                        row -> new Comparison(
                                row.getLong(1), row.getLong(2), row.getLong(3), row.getBoolean(4), row.getBoolean(5)))
                .orElseThrow();
    }

    Sums staged() {
        return sums(STAGED_SUMS, true);
    }

    Sums ledger() {
        return sums(LEDGER_SUMS, true);
    }

    Sums lake(boolean hashed) {
        return sums(LAKE_SUMS, hashed);
    }

    private Sums sums(String sql, boolean hashed) {
        return session.queryOne(
                        sql,
                        row -> new Sums(
                                row.getLong(1),
                                row.getLong(2),
                                hashed ? row.getLong(3) : 0,
                                hashed ? Optional.of(row.getString(4)) : Optional.empty()))
                .orElseThrow();
    }

    private static String sums(String table, String files) {
        return "SELECT " + files + ", coalesce(sum(rows), 0)::BIGINT,"
                + " coalesce(sum(rows) FILTER (hash IS NOT NULL), 0)::BIGINT,"
                + " format('{:016x}', (coalesce(sum(hash), 0) % " + MODULO + ")::UBIGINT) FROM " + table;
    }
}
