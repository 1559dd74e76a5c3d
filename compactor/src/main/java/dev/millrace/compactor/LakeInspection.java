package dev.millrace.compactor;

import dev.millrace.lake.LakeSession;
import java.time.Instant;

/** What the catalog says of snapshots and of files that wait for their deletion; never lists the store. */
public final class LakeInspection {
    private static final String EXPIRABLE = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_snapshot
            WHERE snapshot_time::TIMESTAMPTZ < ?
                AND snapshot_id < (SELECT max(snapshot_id) FROM __ducklake_metadata_lake.ducklake_snapshot)
            """;
    private static final String CLEANABLE = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion
            WHERE schedule_start::TIMESTAMPTZ < ?
            """;

    private final LakeSession session;

    public LakeInspection(LakeSession session) {
        this.session = session;
    }

    /** How many snapshots are older than an instant, besides the newest, which always stays. */
    public long snapshotsBefore(Instant instant) {
        return session.queryLong(EXPIRABLE, instant);
    }

    /** How many files have been waiting for their deletion since before an instant. */
    public long filesUnneededSince(Instant instant) {
        return session.queryLong(CLEANABLE, instant);
    }
}
