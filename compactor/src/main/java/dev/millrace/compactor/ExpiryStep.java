package dev.millrace.compactor;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PinTable;
import dev.millrace.lake.RetentionFence;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Forgets some snapshots in one transaction, besides those that were pinned since they were chosen. The rows of the datasets
 * are counted before and after.
 */
final class ExpiryStep {
    private static final String EXPIRE = "CALL ducklake_expire_snapshots('lake', versions => ?::UBIGINT[])";

    private final LakeSession session;
    private final CommitRetry retry;
    private final RowCounts rows;
    private final SnapshotInspection inspection;
    private final PinTable pins;

    ExpiryStep(LakeSession session, CommitRetry retry, RowCounts rows) {
        this.session = session;
        this.retry = retry;
        this.rows = rows;
        this.inspection = new SnapshotInspection(session);
        this.pins = new PinTable(session);
    }

    /**
     * Runs the step.
     *
     * @param snapshots their ids, rising
     * @return how many of them are gone
     * @throws RowCountException when a dataset would have had another number of rows; no snapshot has expired
     */
    long run(List<Long> snapshots, Instant now) {
        retry.run(
                session,
                "expiring " + snapshots.size() + " snapshots from " + snapshots.get(0) + " on",
                () -> {
                    new RetentionFence(session).write();
                    List<Long> due = without(snapshots, pins.snapshotsHeldAt(now));
                    if (!due.isEmpty()) {
                        rows.requireUnchanged("expiring snapshots", RowCountException.Step.UNDONE, () -> expire(due));
                    }
                    return true;
                },
                () -> Optional.of(true).filter(done -> without(left(snapshots), pins.snapshotsHeldAt(now))
                        .isEmpty()));
        long left = left(snapshots).size();
        return snapshots.size() - left;
    }

    private void expire(List<Long> due) {
        Failpoint.BEFORE_EXPIRE.pass();
        session.execute(EXPIRE, due);
        Failpoint.AFTER_EXPIRE.pass();
    }

    private List<Long> left(List<Long> snapshots) {
        Set<Long> there = new HashSet<>(inspection.between(snapshots.get(0), snapshots.get(snapshots.size() - 1)));
        return snapshots.stream().filter(there::contains).toList();
    }

    private static List<Long> without(List<Long> snapshots, List<Long> held) {
        Set<Long> pinned = new HashSet<>(held);
        return snapshots.stream().filter(id -> !pinned.contains(id)).toList();
    }
}
