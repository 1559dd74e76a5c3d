package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PinTable;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the files that no snapshot has needed for long enough, and forgets snapshots whose time is over. It works on
 * the whole lake; two at once do no harm, since each does what is not done yet. May be killed at any moment: snapshots
 * expire some thousand at a time, each time in a transaction of its own, and the next run goes on.
 */
public final class SnapshotExpiry {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotExpiry.class);

    /**
     * How many expire in one transaction. The engine compares every file that has ended with every snapshot that stays, each
     * time; 10,000 of 200,000 take 1 to 12 s with 20,000 such files, and little memory.
     */
    private static final int SNAPSHOTS_A_STEP = 10_000;

    private static final String CLEAN = "CALL ducklake_cleanup_old_files('lake', older_than => ?)";

    /** How many snapshots were forgotten and files deleted. */
    public record Expired(long snapshots, long files) {}

    private final LakeSession session;
    private final SnapshotRetention retention;
    private final Clock clock;
    private final CommitRetry retry;
    private final int snapshotsAStep;
    private final SnapshotInspection inspection;

    public SnapshotExpiry(LakeSession session, SnapshotRetention retention, Clock clock, CommitRetry retry) {
        this(session, retention, clock, retry, SNAPSHOTS_A_STEP);
    }

    SnapshotExpiry(
            LakeSession session, SnapshotRetention retention, Clock clock, CommitRetry retry, int snapshotsAStep) {
        this.session = session;
        this.retention = retention;
        this.clock = clock;
        this.retry = retry;
        this.snapshotsAStep = snapshotsAStep;
        this.inspection = new SnapshotInspection(session);
    }

    /** What {@link #run} would do now; the files of snapshots yet to expire come in a later run, after their grace. */
    public Expired plan() {
        return new Expired(
                planAt(clock.instant()).expiring().size(), inspection.unneededFilesSince(graceFrom(clock.instant())));
    }

    private ExpiryPlan planAt(Instant now) {
        List<Snapshot> snapshots = inspection.snapshots();
        return new ExpiryPlanner(retention).plan(snapshots, new PinTable(session).snapshotsHeldAt(now), now);
    }

    /**
     * Cleans and expires.
     *
     * @param datasets whose rows are counted around each step
     * @throws RowCountException when a step changed their number
     */
    public Expired run(Collection<DatasetName> datasets) {
        RowCounts rows = new RowCounts(session, datasets);
        Instant now = clock.instant();
        Instant graceFrom = graceFrom(now);
        // First, so that no file goes in the run that forgets its last snapshot, whatever the clocks say.
        long deleted = inspection.unneededFilesSince(graceFrom) > 0 ? clean(rows, graceFrom) : 0;
        return new Expired(expire(rows, now), deleted);
    }

    private long expire(RowCounts rows, Instant now) {
        ExpiryPlan plan = planAt(now);
        List<Long> due = plan.expiring();
        if (due.isEmpty()) {
            return 0;
        }
        ExpiryStep step = new ExpiryStep(session, retry, rows);
        long filesBefore = inspection.unneededFiles();
        long expired = 0;
        for (int from = 0; from < due.size(); from += snapshotsAStep) {
            expired += step.run(due.subList(from, Math.min(from + snapshotsAStep, due.size())), now);
        }
        LOG.info(
                "{} snapshots expired: {} before, {} after, {} of them pinned; {} files to delete before, {} after",
                expired,
                plan.snapshots(),
                plan.snapshots() - expired,
                plan.pinned(),
                filesBefore,
                inspection.unneededFiles());
        return expired;
    }

    private long clean(RowCounts rows, Instant graceFrom) {
        long named = inspection.unneededFilesThatAreNamed(graceFrom);
        if (named > 0) {
            throw new LakeException("the catalog has " + named
                    + " files on its list of files to delete that a snapshot still needs; nothing was deleted."
                    + " Keep the lake as it is and report this");
        }
        long before = inspection.unneededFiles();
        rows.requireUnchanged("deleting unneeded files", RowCountException.Step.DONE, () -> {
            Failpoint.BEFORE_CLEAN.pass();
            session.execute(CLEAN, graceFrom);
            Failpoint.AFTER_CLEAN.pass();
        });
        long after = inspection.unneededFiles();
        LOG.info("{} unneeded files deleted: {} to delete before, {} after", before - after, before, after);
        return before - after;
    }

    private Instant graceFrom(Instant now) {
        return now.minus(retention.grace());
    }
}
