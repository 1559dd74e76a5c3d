package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a pin is of a snapshot that is there, holds until it ends or is removed, and survives whoever made it. */
@Tag("stand")
class PinningTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private final Worker worker = Worker.current();
    private LakeSession session;
    private PinTable pins;

    @BeforeEach
    void open() {
        session = new LakeTestBed(folder).openWithTrips();
        pins = new PinTable(session);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Pinning pinning() {
        return new Pinning(session, worker, Clock.fixed(NOON, ZoneOffset.UTC), CommitRetry.STANDARD);
    }

    @Test
    void aPinIsListedUntilItIsRemoved() {
        long newest = pinning().newestSnapshot();
        Pin pin = pinning().pin(newest, "it's the report", Optional.empty());
        assertThat(pins.entries())
                .containsExactly(new PinTable.Entry(
                        new Pin(pin.id(), newest, "it's the report", NOON, worker, Optional.empty()), true));
        assertThat(pinning().newestSnapshot()).isGreaterThan(newest);

        assertThat(pinning().remove(pin.id())).isEqualTo(pin);
        assertThat(pins.entries()).isEmpty();
        assertThatThrownBy(() -> pinning().remove(pin.id()))
                .isInstanceOf(PinException.class)
                .hasMessageContaining(pin.id())
                .hasMessageContaining("--list");
    }

    @Test
    void itHoldsUntilItEnds() {
        long newest = pinning().newestSnapshot();
        pinning().pin(newest, "", Optional.of(NOON.plusSeconds(60)));
        pinning().pin(newest, "", Optional.of(NOON.plusSeconds(90)));
        assertThat(pins.snapshotsHeldAt(NOON.plusSeconds(89))).containsExactly(newest);
        assertThat(pins.snapshotsHeldAt(NOON.plusSeconds(90))).isEmpty();
        assertThatThrownBy(() -> pinning().pin(newest, "", Optional.of(NOON)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(NOON.toString());
    }

    @Test
    void aSnapshotThatIsGoneOrNeverWasIsRefused() {
        session.execute("CALL ducklake_expire_snapshots('lake', versions => [0])");
        for (long snapshot : List.of(0L, 99L)) {
            assertThatThrownBy(() -> pinning().pin(snapshot, "", Optional.empty()))
                    .isInstanceOf(PinException.class)
                    .hasMessageContaining("snapshot " + snapshot)
                    .hasMessageContaining("nothing was pinned");
        }
        assertThat(pins.entries()).isEmpty();
    }

    @Test
    void whoIsStoppedBetweenBothStepsLeavesAPinThatIsListed() {
        long newest = pinning().newestSnapshot();
        AtomicInteger commits = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(failpoint -> {
            if (failpoint == Failpoint.BEFORE_COMMIT && commits.incrementAndGet() == 2) {
                throw new IllegalStateException("stopped");
            }
        })) {
            assertThat(listening).isNotNull();
            assertThatThrownBy(() -> pinning().pin(newest, "", Optional.empty()))
                    .hasMessage("stopped");
        }
        assertThat(pins.snapshotsHeldAt(NOON.plus(Duration.ofDays(1)))).containsExactly(newest);
        assertThat(pins.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.snapshotIsThere()).isTrue();
            pinning().remove(entry.pin().id());
        });
    }
}
