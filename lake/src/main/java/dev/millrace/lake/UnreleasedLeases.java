package dev.millrace.lake;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Since when each dataset is somebody's, by leases that were taken and not released.
 *
 * <p>Whether they have expired plays no part, nor whether their holder seems dead: as long as nobody has taken such a lease over, a
 * holder that wakes up may still commit.
 *
 * @param since of the lease that was taken first; a dataset that nobody holds has none. Datasets whose rows were not all seen are
 *     missing: whoever must not overlook a holder keeps away from them
 */
public record UnreleasedLeases(Map<DatasetName, Optional<Instant>> since) {
    private static final String ROWS = """
            SELECT dataset, count(DISTINCT activity), min(taken_at) FILTER (holder IS NOT NULL)
            FROM lake.millrace.lease GROUP BY dataset ORDER BY dataset
            """;

    private record Row(DatasetName dataset, boolean whole, Optional<Instant> since) {}

    /** A scan on SQLite that meets another one's commit can miss a row for once. */
    private static final RetryPolicy<List<Row>> LOOK_AGAIN = RetryPolicy.<List<Row>>builder()
            .handleResultIf(rows -> !rows.stream().allMatch(Row::whole))
            .handleIf(failure -> false)
            .withMaxAttempts(4)
            .withDelay(Duration.ofMillis(25))
            .build();

    public UnreleasedLeases {
        since = Map.copyOf(since);
    }

    /** As they are now. */
    public static UnreleasedLeases read(LakeSession session) {
        return new UnreleasedLeases(Failsafe.with(LOOK_AGAIN).get(() -> rows(session)).stream()
                .filter(Row::whole)
                .collect(Collectors.toMap(Row::dataset, Row::since)));
    }

    private static List<Row> rows(LakeSession session) {
        return session.query(
                ROWS,
                row -> new Row(
                        DatasetName.parse(row.getString(1)),
                        row.getInt(2) == Activity.values().length,
                        Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
    }
}
