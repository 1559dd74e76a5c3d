package dev.millrace.compactor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides which snapshots expire: those that were replaced long enough ago, and beyond the greatest number the oldest. Never
 * the newest, never a pinned one, and never one that was the newest within the grace: who began to read it then may still
 * be at it. Pure.
 */
public final class ExpiryPlanner {
    private final SnapshotRetention retention;

    public ExpiryPlanner(SnapshotRetention retention) {
        this.retention = retention;
    }

    /**
     * Plans.
     *
     * @param snapshots all that the catalog has, in the order of their ids
     * @param pinned the ids that pins keep
     */
    public ExpiryPlan plan(List<Snapshot> snapshots, Collection<Long> pinned, Instant now) {
        Set<Long> pins = new HashSet<>(pinned);
        List<Long> old = new ArrayList<>();
        List<Long> younger = new ArrayList<>();
        for (int i = 0; i + 1 < snapshots.size(); i++) {
            Snapshot snapshot = snapshots.get(i);
            Duration replacedFor = Duration.between(replacedAt(snapshot, snapshots.get(i + 1)), now);
            if (!pins.contains(snapshot.id()) && replacedFor.compareTo(retention.grace()) >= 0) {
                boolean isOld = replacedFor.compareTo(retention.keepSnapshots()) >= 0;
                (isOld ? old : younger).add(snapshot.id());
            }
        }
        long surplus = Math.max(0, snapshots.size() - old.size() - retention.maxSnapshots());
        List<Long> expiring = Stream.concat(old.stream(), younger.stream().limit(surplus))
                .sorted()
                .toList();
        int held = (int) snapshots.stream().filter(s -> pins.contains(s.id())).count();
        return new ExpiryPlan(expiring, snapshots.size(), held);
    }

    /** Where the ones between are gone, later than in truth; a clock that was set back makes it no earlier. */
    private static Instant replacedAt(Snapshot snapshot, Snapshot next) {
        return next.committedAt().isAfter(snapshot.committedAt()) ? next.committedAt() : snapshot.committedAt();
    }
}
