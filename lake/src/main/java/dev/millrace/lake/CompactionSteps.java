package dev.millrace.lake;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The step table: one row for each step of a compaction, written in the transaction that exchanges the step's files. Belongs to its
 * session's thread.
 */
public final class CompactionSteps {
    private static final String INSERT =
            "INSERT INTO lake.millrace.step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String FIND = "SELECT true FROM lake.millrace.step WHERE step_id || '' = ?";

    private static final Set<String> COLUMNS = Set.of(
            "step_id",
            "run_id",
            "dataset",
            "action",
            "files_before",
            "files_after",
            "bytes_before",
            "bytes_after",
            "rows",
            "committed_at",
            "elapsed_ms",
            "deleted_rows",
            "foreign_rows");

    /** The newest steps tell best how fast the next ones are. */
    private static final String PACE = """
        SELECT sum(files_before)::BIGINT, sum(bytes_before + bytes_after)::BIGINT, sum(elapsed_ms)::BIGINT
        FROM (FROM lake.millrace.step WHERE abs(elapsed_ms) > 0 ORDER BY step_id || '' DESC LIMIT 100)
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

    /** The values of a step's row, in the order of the columns. */
    static List<InlinedTable.Value> values(CompactionStep step) {
        return List.of(
                InlinedTable.Value.text("step_id", step.stepId()),
                InlinedTable.Value.text("run_id", step.runId()),
                InlinedTable.Value.text("dataset", step.dataset().toString()),
                InlinedTable.Value.text("action", step.action()),
                InlinedTable.Value.number("files_before", step.before().count()),
                InlinedTable.Value.number("files_after", step.after().count()),
                InlinedTable.Value.number("bytes_before", step.before().bytes()),
                InlinedTable.Value.number("bytes_after", step.after().bytes()),
                InlinedTable.Value.number("rows", step.rows()),
                InlinedTable.Value.time("committed_at", step.committedAt()),
                InlinedTable.Value.number("elapsed_ms", step.elapsed().toMillis()),
                InlinedTable.Value.number("deleted_rows", step.byOthers().deleted()),
                InlinedTable.Value.number("foreign_rows", step.byOthers().foreign()));
    }

    /** Whether these are the names of the columns of {@link #values}. */
    static boolean isKnown(Collection<String> columns) {
        return COLUMNS.equals(Set.copyOf(columns));
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
