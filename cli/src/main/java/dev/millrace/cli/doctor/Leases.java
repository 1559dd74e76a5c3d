package dev.millrace.cli.doctor;

import dev.millrace.lake.HeldLease;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;

/** Who works on which dataset now, or has ended without a word. */
final class Leases implements Check {
    private final Supplier<LakeSession> session;
    private final Set<DatasetName> datasets;
    private final Clock clock;

    Leases(Supplier<LakeSession> session, Collection<DatasetName> datasets, Clock clock) {
        this.session = session;
        this.datasets = Set.copyOf(datasets);
        this.clock = clock;
    }

    @Override
    public Finding look() {
        return LeaseVerdict.of(
                HeldLease.all(session.get()).stream()
                        .filter(lease -> datasets.contains(lease.dataset()))
                        .map(lease ->
                                new LeaseVerdict.Held(lease, lease.holder().isKnownDead()))
                        .toList(),
                clock.instant());
    }
}
