package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds runs in the run table, and what else the lake's tables tell of one. Belongs to its session's thread. */
public final class RunSearch {
    /** So many batches, and as many steps and snapshots, are told of one run. */
    private static final int PARTS = 1_000;

    private static final String COLUMNS = """
            r.run_id, r.parent_run_id, r.worker, r.activity, r.dataset, r.started_at, r.ended_at, r.outcome,
            r.files, r.rows, r.bytes, r.quarantined_files, r.commits, r.retries, r.retry_wait_ms, r.retry_reasons, r.error
            """;
    private static final String FIND = """
            WITH matched AS (
                SELECT run_id, coalesce(parent_run_id, run_id) AS root, started_at FROM lake.millrace.run
                WHERE (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], dataset))
                    AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], activity))
                    AND (len(?::VARCHAR[]) = 0 OR list_contains(?::VARCHAR[], outcome))
                    AND (ended_at IS NULL OR ended_at >= ?) AND started_at < ?
            ), root AS (
                SELECT root, max(started_at) AS newest FROM matched GROUP BY root ORDER BY newest DESC, root DESC LIMIT ?
            )
            SELECT""" + " " + COLUMNS + """
            FROM lake.millrace.run r JOIN root ON root.root = coalesce(r.parent_run_id, r.run_id)
            WHERE r.run_id = root.root OR r.run_id IN (SELECT run_id FROM matched)
            ORDER BY root.newest DESC, root.root DESC, r.parent_run_id IS NOT NULL, r.started_at, r.run_id
            """;
    private static final String BY_PREFIX = "SELECT " + COLUMNS + """
            FROM lake.millrace.run r WHERE starts_with(r.run_id, ?) ORDER BY r.run_id LIMIT ?
            """;
    private static final String BY_IDS = "SELECT " + COLUMNS + """
            FROM lake.millrace.run r WHERE r.run_id IN (SELECT unnest(?::VARCHAR[]))
            """;
    private static final String CHILDREN = "SELECT " + COLUMNS + """
            FROM lake.millrace.run r WHERE r.parent_run_id = ? ORDER BY r.started_at, r.run_id
            """;
    private static final String BATCHES = """
            SELECT batch_id, status, count(*), sum(rows)::BIGINT, sum(staged_bytes)::BIGINT, min(decided_at)
            FROM lake.millrace.ledger WHERE run_id = ?
            GROUP BY batch_id, status ORDER BY min(decided_at), batch_id, status LIMIT ?
            """;
    private static final String STEPS = """
            SELECT step_id, dataset, action, files_before, files_after, bytes_before, bytes_after, rows, committed_at, elapsed_ms,
                coalesce(deleted_rows, 0), coalesce(foreign_rows, 0)
            FROM lake.millrace.step WHERE run_id = ? ORDER BY committed_at, step_id LIMIT ?
            """;
    private static final String SNAPSHOTS = """
            SELECT snapshot_id, commit_message FROM __ducklake_metadata_lake.ducklake_snapshot_changes
            WHERE commit_extra_info LIKE '%"run":"' || ? || '"%' ORDER BY snapshot_id LIMIT ?
            """;

    /** Staged files of one batch that a run has decided on in the same way, as the ledger has them now. */
    public record Batch(String batchId, String status, long files, long rows, long bytes, Instant decidedAt) {}

    /** A snapshot that a run has made, as long as it is there, with its commit message. */
    public record RunSnapshot(long snapshot, String message) {}

    private final LakeSession session;

    public RunSearch(LakeSession session) {
        this.session = session;
    }

    /**
     * The runs that a filter lets through, each behind its parent, which is there also where the filter would not have it; the newest
     * top-level run first, its children in the order in which they began.
     */
    public List<RunRecord> find(RunFilter filter) {
        return session.query(
                FIND,
                RunSearch::run,
                filter.datasets(),
                filter.datasets(),
                filter.activities(),
                filter.activities(),
                filter.outcomes(),
                filter.outcomes(),
                filter.since().orElse(Instant.EPOCH),
                // A year that any database knows.
                filter.until().orElse(Instant.parse("9999-01-01T00:00:00Z")),
                filter.limit());
    }

    /** The runs whose id begins so, by their ids, {@code limit} at most. */
    public List<RunRecord> startingWith(String prefix, int limit) {
        return session.query(BY_PREFIX, RunSearch::run, prefix, limit);
    }

    List<RunRecord> withIds(List<String> runIds) {
        return runIds.isEmpty() ? List.of() : session.query(BY_IDS, RunSearch::run, runIds);
    }

    /** The runs of which a run is the parent, in the order in which they began. */
    public List<RunRecord> children(String runId) {
        return session.query(CHILDREN, RunSearch::run, runId);
    }

    /** What the ledger says of the files that a run has decided on. */
    public List<Batch> batches(String runId) {
        return session.query(
                BATCHES,
                row -> new Batch(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()),
                runId,
                PARTS);
    }

    /** The steps of a compaction. */
    public List<CompactionStep> steps(String runId) {
        return session.query(
                STEPS,
                row -> new CompactionStep(
                        row.getString(1),
                        runId,
                        DatasetName.parse(row.getString(2)),
                        row.getString(3),
                        new CompactionStep.Files(row.getLong(4), row.getLong(6)),
                        new CompactionStep.Files(row.getLong(5), row.getLong(7)),
                        row.getLong(8),
                        new CompactionStep.ChangedRows(row.getLong(11), row.getLong(12)),
                        row.getObject(9, OffsetDateTime.class).toInstant(),
                        Duration.ofMillis(row.getLong(10))),
                runId,
                PARTS);
    }

    /** The snapshots of a run that have not expired: its batches, and the columns that it has added. */
    public List<RunSnapshot> snapshots(String runId) {
        return session.query(SNAPSHOTS, row -> new RunSnapshot(row.getLong(1), row.getString(2)), runId, PARTS);
    }

    static RunRecord run(ResultSet row) throws SQLException {
        return new RunRecord(
                row.getString(1),
                Optional.ofNullable(row.getString(2)),
                Worker.parse(row.getString(3)),
                row.getString(4),
                Optional.ofNullable(row.getString(5)).map(DatasetName::parse),
                row.getObject(6, OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject(7, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
                RunOutcome.valueOf(row.getString(8).toUpperCase(Locale.ROOT)),
                new RunCounts(row.getLong(9), row.getLong(10), row.getLong(11), row.getLong(12), row.getLong(13)),
                new RunRecord.Retries(
                        row.getLong(14),
                        Duration.ofMillis(row.getLong(15)),
                        Optional.ofNullable(row.getString(16)).orElse("")),
                Optional.ofNullable(row.getString(17)));
    }
}
