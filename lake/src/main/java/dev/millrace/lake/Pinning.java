package dev.millrace.lake;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Makes and removes pins. Belongs to its session's thread.
 *
 * <p>Killed at any moment it leaves a pin that is listed or none. Only one that was returned is certain to keep its snapshot.
 */
public final class Pinning {
    private static final int ID_DIGITS = 8;

    private static final String NEWEST = "SELECT max(snapshot_id) FROM __ducklake_metadata_lake.ducklake_snapshot";

    private static final String SNAPSHOT_IS_THERE =
            "SELECT count(*) > 0 FROM __ducklake_metadata_lake.ducklake_snapshot WHERE snapshot_id = ?";

    private final LakeSession session;
    private final Worker worker;
    private final Clock clock;
    private final CommitRetry retry;
    private final PinTable pins;

    public Pinning(LakeSession session, Worker worker, Clock clock, CommitRetry retry) {
        this.session = session;
        this.worker = worker;
        this.clock = clock;
        this.retry = retry;
        this.pins = new PinTable(session);
    }

    public long newestSnapshot() {
        return session.queryLong(NEWEST);
    }

    /**
     * Pins a snapshot.
     *
     * @throws PinException when the snapshot is gone; no pin remains
     * @throws IllegalArgumentException when {@code until} is over
     */
    public Pin pin(long snapshot, String note, Optional<Instant> until) {
        Pin pin = new Pin(newId(), snapshot, note, clock.instant(), worker, until);
        if (!isThere(snapshot)) {
            throw gone(snapshot);
        }
        commit("pinning snapshot " + snapshot, () -> pins.insert(pin), () -> pins.isThere(pin.id()));
        if (!outlivesExpiry(pin)) {
            delete(pin.id());
            throw gone(snapshot);
        }
        return pin;
    }

    /**
     * Whether the snapshot is still there when no expiry is left that does not see the pin: one that began before has written
     * the fence's row before this, or is refused now.
     */
    private boolean outlivesExpiry(Pin pin) {
        return retry.<Boolean>run(
                        session,
                        "making sure that pin " + pin.id() + " keeps snapshot " + pin.snapshot(),
                        () -> {
                            new RetentionFence(session).write();
                            return isThere(pin.snapshot());
                        },
                        Optional::empty)
                .value();
    }

    /**
     * Removes a pin; the snapshot expires like any other from then on.
     *
     * @throws PinException when there is no such pin
     */
    public Pin remove(String id) {
        Pin pin = pins.entries().stream()
                .map(PinTable.Entry::pin)
                .filter(p -> p.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new PinException(
                        "there is no pin '" + id + "'; 'millrace pin --list' shows those that there are"));
        delete(id);
        return pin;
    }

    private void delete(String id) {
        commit("removing pin " + id, () -> pins.delete(id), () -> !pins.isThere(id));
    }

    private void commit(String doing, Runnable change, BooleanSupplier isDone) {
        retry.run(
                session,
                doing,
                () -> {
                    change.run();
                    return true;
                },
                () -> Optional.of(true).filter(done -> isDone.getAsBoolean()));
    }

    private boolean isThere(long snapshot) {
        return session.queryOne(SNAPSHOT_IS_THERE, row -> row.getBoolean(1), snapshot)
                .orElseThrow();
    }

    private static PinException gone(long snapshot) {
        return new PinException(
                "snapshot " + snapshot + " is not in the lake, or has expired; nothing was pinned. 'millrace sql"
                        + " \"SELECT snapshot_id, snapshot_time FROM lake.snapshots()\"' shows those that there are");
    }

    private static String newId() {
        return UUID.randomUUID().toString().substring(0, ID_DIGITS);
    }
}
