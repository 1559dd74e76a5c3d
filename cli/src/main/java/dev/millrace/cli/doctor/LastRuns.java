package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** How the last ingest and the last compaction of each dataset ended. */
final class LastRuns implements Check {
    private static final String LAST = """
            SELECT dataset, activity, outcome, started_at, error FROM lake.millrace.run
            WHERE dataset IS NOT NULL AND activity <> 'init'
            QUALIFY row_number() OVER (PARTITION BY dataset, activity ORDER BY started_at DESC, run_id DESC) = 1
            ORDER BY dataset, activity
            """;

    private final Supplier<LakeSession> session;
    private final Predicate<DatasetName> isWanted;
    private final Clock clock;

    LastRuns(Supplier<LakeSession> session, Predicate<DatasetName> isWanted, Clock clock) {
        this.session = session;
        this.isWanted = isWanted;
        this.clock = clock;
    }

    @Override
    public Finding look() {
        return RunVerdict.of(
                session
                        .get()
                        .query(
                                LAST,
                                row -> new RunVerdict.LastRun(
                                        DatasetName.parse(row.getString(1)),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getObject(4, OffsetDateTime.class).toInstant(),
                                        Optional.ofNullable(row.getString(5))))
                        .stream()
                        .filter(run -> isWanted.test(run.dataset()))
                        .toList(),
                clock.instant());
    }
}
