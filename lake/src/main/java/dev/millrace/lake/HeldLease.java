package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;

/**
 * A lease that somebody has taken and not released, for looking at.
 *
 * @param deaths how many holders in a row ended without releasing it before this one
 */
public record HeldLease(
        DatasetName dataset, Activity activity, Worker holder, Instant takenAt, Instant expiresAt, int deaths) {
    private static final String ALL = """
            SELECT dataset, activity, holder, taken_at, expires_at, deaths
            FROM lake.millrace.lease WHERE holder IS NOT NULL ORDER BY dataset, activity
            """;

    /** All of them, by dataset. */
    public static List<HeldLease> all(LakeSession session) {
        return session.query(
                ALL,
                row -> new HeldLease(
                        DatasetName.parse(row.getString(1)),
                        Activity.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                        Worker.parse(row.getString(3)),
                        row.getObject(4, OffsetDateTime.class).toInstant(),
                        row.getObject(5, OffsetDateTime.class).toInstant(),
                        row.getInt(6)));
    }
}
