package dev.millrace.lake;

import java.util.Optional;

/**
 * The step table: one row for each step of a compaction, written in the transaction that exchanges the step's files. Belongs to its
 * session's thread.
 */
public final class CompactionSteps {
    private static final String INSERT =
            "INSERT INTO lake.millrace.step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String FIND = "SELECT true FROM lake.millrace.step WHERE step_id = ?";

    /** The newest steps tell best how fast the next ones are. */
    private static final String PACE = """
            SELECT sum(files_before)::BIGINT, sum(bytes_before + bytes_after)::BIGINT, sum(elapsed_ms)::BIGINT
            FROM (FROM lake.millrace.step WHERE elapsed_ms > 0 ORDER BY step_id DESC LIMIT 100)
            HAVING count(*) > 0
            """;

    /** What the newest steps have moved, and how long they took for it. */
    public record Pace(long files, long bytes, long millis) {}

    private final LakeSession session;

    public CompactionSteps(LakeSession session) {
        this.session = session;
    }

    /** Records a step, inside of the caller's transaction. */
    public void insert(CompactionStep step) {
        session.execute(
                INSERT,
                step.stepId(),
                step.runId(),
                step.dataset().toString(),
                step.action(),
                step.before().count(),
                step.after().count(),
                step.before().bytes(),
                step.after().bytes(),
                step.rows(),
                step.committedAt(),
                step.elapsed().toMillis(),
                step.byOthers().deleted(),
                step.byOthers().foreign());
    }

    /** Whether a step was committed. */
    public boolean has(String stepId) {
        return session.queryOne(FIND, row -> true, stepId).isPresent();
    }

    /** Absent in a lake that was never compacted. */
    public Optional<Pace> pace() {
        return session.queryOne(PACE, row -> new Pace(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
