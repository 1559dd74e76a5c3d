package dev.millrace.compactor;

import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.UnleasedRun;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Remembers in the run table when orphans were looked for. Written when it is over: a removal that was killed has left no row, and
 * the next compaction does it again. The row has no dataset, since a removal is one for the whole lake, and no lease.
 */
final class OrphanRuns {
    private static final String ACTIVITY = "remove-orphans";
    private static final String LAST = """
            SELECT max(started_at) FROM lake.millrace.run WHERE activity = ? AND outcome = ?
            """;

    private final LakeSession session;
    private final LeasedRun.Terms terms;

    OrphanRuns(LakeSession session, LeasedRun.Terms terms) {
        this.session = session;
        this.terms = terms;
    }

    /** When the last removal began that came to its end. */
    Optional<Instant> last() {
        return session.queryOne(
                        LAST,
                        row -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class)),
                        ACTIVITY,
                        RunOutcome.SUCCEEDED.word())
                .flatMap(time -> time)
                .map(OffsetDateTime::toInstant);
    }

    void add(Instant startedAt, RunOutcome outcome, FileCount removed, Optional<String> error) {
        terms.execution()
                .orElseGet(() ->
                        new Execution(ACTIVITY, Execution.Shape.SINGLE, terms.worker(), terms.clock(), terms.retry()))
                .record(
                        session,
                        new UnleasedRun(
                                ACTIVITY,
                                Optional.empty(),
                                startedAt,
                                outcome,
                                new RunCounts(removed.files(), 0, removed.bytes(), 0, 1),
                                error));
    }
}
