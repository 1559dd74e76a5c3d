package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.schemas.DatasetName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * The ledger table: one row for each staged file that was decided on. A row is written in the transaction that brings the
 * file's rows into the lake, which is what makes exactly-once a property of one commit. Belongs to its session's thread.
 */
public final class Ledger {
    private static final String INSERT = """
            INSERT INTO lake.millrace.ledger (dataset, staged_key, staged_bytes, staged_at, status,
                rows, reason, message, row_hash, footer_id, batch_id, run_id, decided_at)
            SELECT ?, unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::TIMESTAMPTZ[]), unnest(?::VARCHAR[]),
                unnest(?::BIGINT[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), ?, ?, ?
            """;
    private static final String FORGET = """
            DELETE FROM lake.millrace.ledger
            WHERE dataset || '' = ? AND status || '' <> 'loaded' AND staged_key || '' IN (SELECT unnest(?::VARCHAR[]))
            """;
    private static final String BATCH =
            "SELECT count(*) FROM lake.millrace.ledger WHERE dataset || '' = ? AND batch_id || '' = ?";
    private static final String TOTALS = """
            SELECT count(*) FILTER (status = 'loaded'), coalesce(sum(rows), 0),
                count(*) FILTER (status = 'quarantined')
            FROM lake.millrace.ledger WHERE dataset || '' = ?
            """;
    private static final String QUARANTINED = """
            SELECT staged_key, reason, message, decided_at FROM lake.millrace.ledger
            WHERE dataset || '' = ? AND status || '' = 'quarantined' ORDER BY decided_at, staged_key LIMIT ?
            """;

    /** The ledger's sums for one dataset. */
    public record Totals(long loadedFiles, long loadedRows, long quarantinedFiles) {}

    /** A refused file as the ledger tells of it. */
    public record QuarantinedFile(String stagedKey, String reason, String message, Instant decidedAt) {}

    private final LakeSession session;

    public Ledger(LakeSession session) {
        this.session = session;
    }

    /** Writes the entries of a batch, inside of the caller's transaction. */
    public void insert(
            DatasetName dataset, String batchId, String runId, Instant decidedAt, List<LedgerEntry> entries) {
        Failpoint.BEFORE_INSERT_LEDGER.pass();
        session.execute(
                INSERT,
                dataset.toString(),
                entries.stream().map(e -> e.file().stagedKey()).toList(),
                entries.stream().map(e -> Long.toString(e.file().bytes())).toList(),
                entries.stream().map(e -> e.file().modifiedAt().toString()).toList(),
                entries.stream().map(e -> e.status().word()).toList(),
                entries.stream().map(e -> Long.toString(e.rows())).toList(),
                entries.stream()
                        .map(e -> e.quarantine().map(q -> q.reason().code()).orElse(null))
                        .toList(),
                entries.stream()
                        .map(e -> e.quarantine()
                                .map(LedgerEntry.Quarantine::message)
                                .orElse(null))
                        .toList(),
                entries.stream().map(e -> e.rowHash().orElse(null)).toList(),
                entries.stream().map(e -> e.file().footerId().orElse(null)).toList(),
                batchId,
                runId,
                decidedAt);
        Failpoint.AFTER_INSERT_LEDGER.pass();
    }

    /** Takes out the verdicts on refused files that are decided on anew, inside of the caller's transaction. */
    public void forgetRefused(DatasetName dataset, List<String> stagedKeys) {
        if (!stagedKeys.isEmpty()) {
            session.execute(FORGET, dataset.toString(), stagedKeys);
        }
    }

    /** Whether the transaction of a batch has committed. */
    public boolean hasBatch(DatasetName dataset, String batchId) {
        return session.queryLong(BATCH, dataset.toString(), batchId) > 0;
    }

    public Totals totals(DatasetName dataset) {
        return session.queryOne(
                        TOTALS, row -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3)), dataset.toString())
                .orElseThrow();
    }

    public List<QuarantinedFile> quarantined(DatasetName dataset) {
        return quarantined(dataset, Integer.MAX_VALUE);
    }

    /** Those that were refused first, {@code limit} at most. */
    public List<QuarantinedFile> quarantined(DatasetName dataset, int limit) {
        return session.query(QUARANTINED, Ledger::quarantinedFile, dataset.toString(), limit);
    }

    private static QuarantinedFile quarantinedFile(ResultSet row) throws SQLException {
        return new QuarantinedFile(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getObject(4, OffsetDateTime.class).toInstant());
    }
}
