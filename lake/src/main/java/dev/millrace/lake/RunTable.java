package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes the run table; every change belongs into a transaction. */
final class RunTable {
    private static final String BEGIN = """
            INSERT INTO lake.millrace.run (run_id, parent_run_id, worker, activity, dataset, started_at, outcome)
            VALUES (?, ?, ?, ?, ?, ?, 'running')
            """;

    /** A transaction of which nobody knows whether it has committed may have written the row. */
    private static final String BEGIN_ONCE = """
            INSERT INTO lake.millrace.run (run_id, worker, activity, started_at, outcome)
            SELECT ?, ?, ?, ?, 'running' WHERE NOT EXISTS (FROM lake.millrace.run WHERE run_id || '' = ?)
            """;

    private static final String END = """
            UPDATE lake.millrace.run
            SET ended_at = ?, outcome = ?, files = ?, rows = ?, bytes = ?, quarantined_files = ?, commits = ?,
                retries = ?, retry_wait_ms = ?, retry_reasons = ?, error = ?
            WHERE run_id || '' = ?
            """;
    private static final String DIED = """
            UPDATE lake.millrace.run SET ended_at = ?, outcome = 'died'
            WHERE outcome || '' = 'running'
                AND (run_id = ? OR run_id IN (SELECT parent_run_id FROM lake.millrace.run WHERE run_id || '' = ?))
            """;
    private static final String PARENTS_RUNNING = """
            SELECT run_id, worker, started_at FROM lake.millrace.run WHERE outcome || '' = 'running' AND dataset || '' IS NULL
            """;
    private static final String PARENTS_DIED = """
            UPDATE lake.millrace.run SET ended_at = ?, outcome = 'died'
            WHERE outcome || '' = 'running' AND run_id || '' IN (SELECT unnest(?::VARCHAR[]))
            """;
    private static final String FAILING = """
            SELECT activity, dataset FROM lake.millrace.run GROUP BY activity, dataset
            HAVING arg_max(outcome, (started_at, run_id)) IN ('failed', 'died') ORDER BY activity, dataset
            """;
    private static final String HAS_ENDED =
            "SELECT true FROM lake.millrace.run WHERE run_id || '' = ? AND outcome || '' = ?";

    /** Nobody can see from another host that a process is gone. A pass that is longer tells of itself when it ends. */
    private static final Duration LONGEST_PASS = Duration.ofDays(1);

    /** How a run ended. */
    record End(Instant at, RunOutcome outcome, RunCounts counts, RetryLog retries, Optional<String> error) {}

    /** What did not succeed the last time. */
    record Failing(String activity, Optional<DatasetName> dataset) {}

    private record Running(String runId, Worker worker, Instant startedAt) {}

    private final LakeSession session;

    RunTable(LakeSession session) {
        this.session = session;
    }

    void begin(
            String runId,
            Optional<String> parent,
            Worker worker,
            String activity,
            Optional<DatasetName> dataset,
            Instant at) {
        session.execute(
                BEGIN,
                runId,
                parent.orElse(null),
                worker.toString(),
                activity,
                dataset.map(DatasetName::toString).orElse(null),
                at);
    }

    /** Begins a run that is the parent of others, unless it stands there already. */
    void beginParent(String runId, Worker worker, String activity, Instant at) {
        session.execute(BEGIN_ONCE, runId, worker.toString(), activity, at, runId);
    }

    void end(String runId, End end) {
        session.execute(
                END,
                end.at(),
                end.outcome().word(),
                end.counts().files(),
                end.counts().rows(),
                end.counts().bytes(),
                end.counts().quarantinedFiles(),
                end.counts().commits(),
                end.retries().count(),
                end.retries().waited().toMillis(),
                end.retries().count() == 0 ? null : end.retries().reasons(),
                end.error().orElse(null),
                runId);
    }

    Optional<Boolean> hasEnded(String runId, RunOutcome outcome) {
        return session.queryOne(HAS_ENDED, row -> true, runId, outcome.word());
    }

    List<Failing> failing() {
        return session.query(
                FAILING,
                row -> new Failing(
                        row.getString(1), Optional.ofNullable(row.getString(2)).map(DatasetName::parse)));
    }

    /** Of a holder that ended without a word, and of the pass that it belonged to. */
    void died(String runId, Instant at) {
        session.execute(DIED, at, runId, runId);
    }

    /** Passes that ended without a word between two of their runs, when nobody held a lease that would tell. */
    void settleParents(Instant now) {
        List<String> dead = session
                .query(
                        PARENTS_RUNNING,
                        row -> new Running(
                                row.getString(1),
                                Worker.parse(row.getString(2)),
                                row.getObject(3, OffsetDateTime.class).toInstant()))
                .stream()
                .filter(run -> run.worker().isKnownDead()
                        || run.startedAt().plus(LONGEST_PASS).isBefore(now))
                .map(Running::runId)
                .toList();
        if (!dead.isEmpty()) {
            session.execute(PARENTS_DIED, now, dead);
        }
    }

    /** Without the stack trace that the engine adds to some of its messages. */
    static Optional<String> error(RuntimeException cause) {
        return Optional.ofNullable(cause.getMessage())
                .map(message ->
                        message.lines().takeWhile(line -> !line.isBlank()).collect(Collectors.joining(" ")))
                .or(() -> Optional.of(cause.getClass().getSimpleName()));
    }
}
