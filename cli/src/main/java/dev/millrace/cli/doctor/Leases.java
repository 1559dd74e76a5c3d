package dev.millrace.cli.doctor;

import dev.millrace.lake.HeldLease;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import java.time.Clock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Who works on which dataset now, or has ended without a word. */
final class Leases implements Check {
    private final Supplier<LakeSession> session;
    private final Predicate<DatasetName> isWanted;
    private final Clock clock;

    Leases(Supplier<LakeSession> session, Predicate<DatasetName> isWanted, Clock clock) {
        this.session = session;
        this.isWanted = isWanted;
        this.clock = clock;
    }

    @Override
    public Finding look() {
        return LeaseVerdict.of(
                HeldLease.all(session.get()).stream()
                        .filter(lease -> isWanted.test(lease.dataset()))
                        .map(lease ->
                                new LeaseVerdict.Held(lease, lease.holder().isKnownDead()))
                        .toList(),
                clock.instant());
    }
}
