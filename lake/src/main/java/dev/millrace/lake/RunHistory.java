package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Reads the run table. Belongs to its session's thread. */
public final class RunHistory {
    private static final String LAST = """
            SELECT run_id, activity, started_at, ended_at, outcome, error FROM lake.millrace.run
            WHERE dataset = ? ORDER BY started_at DESC, run_id DESC LIMIT 1
            """;

    /** A run as the table tells of it; {@code endedAt} is absent while it runs, {@code error} unless it failed. */
    public record Entry(
            String runId,
            String activity,
            Instant startedAt,
            Optional<Instant> endedAt,
            String outcome,
            Optional<String> error) {}

    private final LakeSession session;

    public RunHistory(LakeSession session) {
        this.session = session;
    }

    /** The run of a dataset that began last. */
    public Optional<Entry> last(DatasetName dataset) {
        return session.queryOne(
                LAST,
                row -> new Entry(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        Optional.ofNullable(row.getObject(4, OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        row.getString(5),
                        Optional.ofNullable(row.getString(6))),
                dataset.toString());
    }
}
