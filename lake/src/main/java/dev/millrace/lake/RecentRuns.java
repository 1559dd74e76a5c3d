package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the runs of one activity came to of late, and how the last one ended.
 *
 * @param dataset absent for runs about the whole lake and for parents
 * @param last of all times
 * @param pace of those that succeeded
 * @param failures how many failed, died or were fenced
 * @param lastFailure the last one of these
 */
public record RecentRuns(
        Optional<DatasetName> dataset,
        String activity,
        RunRecord last,
        Pace pace,
        long failures,
        Optional<RunRecord> lastFailure) {
    private static final String RECENT = """
            SELECT dataset, activity, arg_max(run_id, (started_at, run_id)),
                coalesce(sum(files + quarantined_files) FILTER (started_at >= ? AND outcome = 'succeeded'), 0)::BIGINT,
                coalesce(sum(epoch_ms(ended_at) - epoch_ms(started_at))
                    FILTER (started_at >= ? AND outcome = 'succeeded'), 0)::BIGINT,
                count(*) FILTER (started_at >= ? AND outcome IN ('failed', 'died', 'fenced')),
                arg_max(run_id, (started_at, run_id))
                    FILTER (started_at >= ? AND outcome IN ('failed', 'died', 'fenced'))
            FROM lake.millrace.run GROUP BY dataset, activity ORDER BY dataset, activity
            """;

    /**
     * How fast runs were.
     *
     * @param files that they decided on or merged, quarantined ones among them
     * @param busy how long they took together
     */
    public record Pace(long files, Duration busy) {
        /** How long so many files take; absent when nothing is known. */
        public Optional<Duration> timeFor(long moreFiles) {
            return files == 0
                    ? Optional.empty()
                    : Optional.of(Duration.ofMillis(Math.round((double) busy.toMillis() * moreFiles / files)));
        }
    }

    /** From when on runs count. */
    public record Since(Instant forPace, Instant forFailures) {}

    private record Row(
            Optional<DatasetName> dataset,
            String activity,
            String lastId,
            Pace pace,
            long failures,
            Optional<String> failureId) {}

    /** All of them, by one look at the run table and one for the runs that are told of. */
    public static List<RecentRuns> all(LakeSession session, Since since) {
        List<Row> rows = session.query(
                RECENT,
                row -> new Row(
                        Optional.ofNullable(row.getString(1)).map(DatasetName::parse),
                        row.getString(2),
                        row.getString(3),
                        new Pace(row.getLong(4), Duration.ofMillis(row.getLong(5))),
                        row.getLong(6),
                        Optional.ofNullable(row.getString(7))),
                since.forPace(),
                since.forPace(),
                since.forFailures(),
                since.forFailures());
        List<String> ids = new ArrayList<>();
        rows.forEach(row -> {
            ids.add(row.lastId());
            row.failureId().ifPresent(ids::add);
        });
        Map<String, RunRecord> records = new RunSearch(session)
                .withIds(ids).stream().collect(Collectors.toMap(RunRecord::runId, Function.identity(), (a, b) -> a));
        return rows.stream()
                // Pruned between the two looks, or missed by a scan on SQLite for once.
                .filter(row -> records.containsKey(row.lastId()))
                .map(row -> new RecentRuns(
                        row.dataset(),
                        row.activity(),
                        records.get(row.lastId()),
                        row.pace(),
                        row.failures(),
                        row.failureId().map(records::get)))
                .toList();
    }
}
