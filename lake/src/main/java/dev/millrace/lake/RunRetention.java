package dev.millrace.lake;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Forgets runs that are old. Ledger and steps stay, and so do runs that a lease names, and the last run of each dataset, activity and
 * outcome, by which others see what happened last. Some thousand in a transaction, each repeatable. Belongs to its session's thread.
 */
public final class RunRetention {
    static final int RUNS_A_TRANSACTION = 5_000;

    private static final String DUE = """
            SELECT run_id FROM (
                SELECT run_id, outcome, started_at FROM lake.millrace.run
                QUALIFY row_number() OVER (PARTITION BY dataset, activity, outcome ORDER BY started_at DESC, run_id DESC) > 1)
            WHERE started_at < ? AND run_id NOT IN (SELECT run_id FROM lake.millrace.lease WHERE run_id IS NOT NULL)
            ORDER BY started_at, run_id LIMIT ?
            """;
    private static final String FORGET = "DELETE FROM lake.millrace.run WHERE run_id IN (SELECT unnest(?::VARCHAR[]))";
    private static final String LEFT =
            "SELECT count(*) FROM lake.millrace.run WHERE run_id IN (SELECT unnest(?::VARCHAR[]))";

    private final LakeSession session;
    private final Duration keep;
    private final CommitRetry retry;

    /** @param keep how long a run is remembered after it began */
    public RunRetention(LakeSession session, Duration keep, CommitRetry retry) {
        this.session = session;
        this.keep = keep;
        this.retry = retry;
    }

    /** Forgets those that are due at a moment; returns how many that were. */
    public long run(Instant now) {
        Instant before = now.minus(keep);
        long forgotten = 0;
        List<String> due = due(before);
        while (!due.isEmpty()) {
            List<String> slice = due;
            retry.run(
                    session,
                    "forgetting " + slice.size() + " old runs",
                    () -> {
                        session.execute(FORGET, slice);
                        return true;
                    },
                    () -> Optional.of(true).filter(done -> session.queryLong(LEFT, slice) == 0));
            forgotten += slice.size();
            due = slice.size() < RUNS_A_TRANSACTION ? List.of() : due(before);
        }
        return forgotten;
    }

    private List<String> due(Instant before) {
        return session.query(DUE, row -> row.getString(1), before, RUNS_A_TRANSACTION);
    }
}
