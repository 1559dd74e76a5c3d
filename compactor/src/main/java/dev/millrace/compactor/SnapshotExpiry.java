package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Forgets snapshots that are old enough, and deletes the files that no snapshot has needed for long enough. It works on
 * the whole lake; two at once do no harm, since each does what is not done yet.
 */
public final class SnapshotExpiry {
    private static final String EXPIRE = "CALL ducklake_expire_snapshots('lake', older_than => ?)";
    private static final String CLEAN = "CALL ducklake_cleanup_old_files('lake', older_than => ?)";
    private static final String STILL_NEEDED = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion s
            JOIN __ducklake_metadata_lake.ducklake_data_file f USING (data_file_id)
            WHERE s.schedule_start::TIMESTAMPTZ < ?
            """;

    /** How many snapshots were forgotten and files deleted. */
    public record Expired(long snapshots, long files) {}

    private final LakeSession session;
    private final Retention retention;
    private final Clock clock;
    private final CommitRetry retry;

    public SnapshotExpiry(LakeSession session, Retention retention, Clock clock, CommitRetry retry) {
        this.session = session;
        this.retention = retention;
        this.clock = clock;
        this.retry = retry;
    }

    /** What {@link #run} would do now; the files of snapshots yet to expire come in a later run, after their grace. */
    public Expired plan() {
        LakeInspection inspection = new LakeInspection(session);
        return new Expired(inspection.snapshotsBefore(keepFrom()), inspection.filesUnneededSince(graceFrom()));
    }

    /**
     * Expires and cleans.
     *
     * @param datasets whose rows are counted around each step
     * @throws RowCountException when a step changed their number
     */
    public Expired run(Collection<DatasetName> datasets) {
        Expired plan = plan();
        if (plan.snapshots() > 0) {
            retry.run(
                    session,
                    "expiring snapshots",
                    () -> unchanged(datasets, "expiring snapshots", this::expire),
                    () -> plan().snapshots() == 0 ? Optional.of(true) : Optional.empty());
        }
        if (plan.files() > 0) {
            clean(datasets);
        }
        return plan;
    }

    private void clean(Collection<DatasetName> datasets) {
        long needed = session.queryLong(STILL_NEEDED, graceFrom());
        if (needed > 0) {
            throw new LakeException("the catalog has " + needed
                    + " files on its list of files to delete that a snapshot still needs; nothing was deleted."
                    + " Keep the lake as it is and report this");
        }
        unchanged(datasets, "deleting unneeded files", () -> {
            Failpoint.BEFORE_CLEAN.pass();
            session.execute(CLEAN, graceFrom());
            Failpoint.AFTER_CLEAN.pass();
        });
    }

    private void expire() {
        Failpoint.BEFORE_EXPIRE.pass();
        session.execute(EXPIRE, keepFrom());
        Failpoint.AFTER_EXPIRE.pass();
    }

    private boolean unchanged(Collection<DatasetName> datasets, String step, Runnable action) {
        Map<DatasetName, Long> before = new LinkedHashMap<>();
        long snapshot = session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
        datasets.forEach(dataset -> before.put(dataset, rows(dataset, snapshot)));
        action.run();
        before.forEach((dataset, rows) -> {
            long after = rows(dataset, snapshot);
            if (after != rows) {
                throw new RowCountException(dataset, step, rows, after);
            }
        });
        return true;
    }

    private long rows(DatasetName dataset, long snapshot) {
        return session.queryLong("SELECT count(*) FROM " + new DatasetTable(session, dataset).sqlName()
                + " AT (VERSION => " + snapshot + ")");
    }

    private Instant keepFrom() {
        return clock.instant().minus(retention.keepSnapshots());
    }

    private Instant graceFrom() {
        return clock.instant().minus(retention.grace());
    }
}
