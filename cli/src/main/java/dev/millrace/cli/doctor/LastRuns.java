package dev.millrace.cli.doctor;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** How the last ingest and the last compaction of each dataset ended. */
final class LastRuns implements Check {
    private static final String LAST = """
            SELECT dataset, activity, outcome, started_at, error FROM lake.millrace.run
            QUALIFY row_number() OVER (PARTITION BY dataset, activity ORDER BY started_at DESC, run_id DESC) = 1
            ORDER BY dataset, activity
            """;

    private final Supplier<LakeSession> session;
    private final Set<String> datasets;
    private final Clock clock;

    LastRuns(Supplier<LakeSession> session, Collection<DatasetName> datasets, Clock clock) {
        this.session = session;
        this.datasets = datasets.stream().map(DatasetName::toString).collect(Collectors.toSet());
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
                                        row.getString(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getObject(4, OffsetDateTime.class).toInstant(),
                                        Optional.ofNullable(row.getString(5))))
                        .stream()
                        .filter(run -> datasets.contains(run.dataset()))
                        .toList(),
                clock.instant());
    }
}
