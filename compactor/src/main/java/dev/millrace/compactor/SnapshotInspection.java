package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What the catalog says of snapshots, and of files that none of them needs. */
final class SnapshotInspection {
    private static final String SNAPSHOTS = """
            SELECT snapshot_id, epoch_us(snapshot_time::TIMESTAMPTZ)
            FROM __ducklake_metadata_lake.ducklake_snapshot ORDER BY snapshot_id
            """;
    private static final String BETWEEN = """
            SELECT snapshot_id FROM __ducklake_metadata_lake.ducklake_snapshot WHERE snapshot_id BETWEEN ? AND ?
            """;
    private static final String UNNEEDED =
            "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion";
    private static final String UNNEEDED_SINCE = UNNEEDED + " WHERE schedule_start::TIMESTAMPTZ < ?";
    private static final String STILL_NAMED = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion s
            JOIN __ducklake_metadata_lake.ducklake_data_file f USING (data_file_id)
            WHERE s.schedule_start::TIMESTAMPTZ < ?
            """;

    private final LakeSession session;

    SnapshotInspection(LakeSession session) {
        this.session = session;
    }

    /** All of them, the oldest first. */
    List<Snapshot> snapshots() {
        return session.query(
                SNAPSHOTS, row -> new Snapshot(row.getLong(1), Instant.EPOCH.plus(row.getLong(2), ChronoUnit.MICROS)));
    }

    /** The ids that there are from one to another. */
    List<Long> between(long first, long last) {
        return session.query(BETWEEN, row -> row.getLong(1), first, last);
    }

    /** How many files wait for their deletion. */
    long unneededFiles() {
        return session.queryLong(UNNEEDED);
    }

    /** How many of them have been waiting since before an instant. */
    long unneededFilesSince(Instant instant) {
        return session.queryLong(UNNEEDED_SINCE, instant);
    }

    /** How many of these the catalog still names, which would be wrong. */
    long unneededFilesThatAreNamed(Instant since) {
        return session.queryLong(STILL_NAMED, since);
    }
}
