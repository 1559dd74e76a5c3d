package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PinException;
import dev.millrace.lake.PinTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proves that of a pin and an expiry at the same time one gets the snapshot, and that the other one knows. */
@Tag("slow")
@Tag("stand")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PinRaceTest {
    /** {@code -Dmillrace.test.rounds=1000} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 20);

    private static final long LONGEST_HEAD_START_NANOS = 60_000_000;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private AgingLake lake;
    private LakeSession analyst;

    @BeforeEach
    void open() {
        System.out.println("millrace.test.seed = " + seed);
        lake = new AgingLake(folder);
        analyst = lake.another();
    }

    @AfterEach
    void close() {
        thread.shutdownNow();
        analyst.close();
        lake.close();
    }

    @Test
    void neverDoBothSucceed() throws Exception {
        int pinned = 0;
        for (int round = 0; round < ROUNDS; round++) {
            lake.insert();
            long snapshot = lake.newest();
            List<Long> content = lake.contentAt(snapshot);
            lake.insert();
            lake.letPass(Duration.ofDays(8));
            CyclicBarrier start = new CyclicBarrier(2);
            long headStart = random.nextLong(LONGEST_HEAD_START_NANOS);
            boolean pinIsFirst = random.nextBoolean();
            Future<String> pin = thread.submit(() -> {
                start.await();
                LockSupport.parkNanos(pinIsFirst ? 0 : headStart);
                return pin(snapshot);
            });
            start.await();
            LockSupport.parkNanos(pinIsFirst ? headStart : 0);
            lake.expire();

            try {
                String id = pin.get();
                pinned++;
                assertThat(lake.contentAt(snapshot))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(content);
                lake.expire();
                assertThat(lake.contentAt(snapshot)).isEqualTo(content);
                AgingLake.pinning(lake.session()).remove(id);
            } catch (ExecutionException e) {
                assertThat(e).as("seed %d, round %d", seed, round).hasCauseInstanceOf(PinException.class);
                assertThat(lake.snapshots()).doesNotContain(snapshot);
            }
            assertThat(new PinTable(lake.session()).entries()).isEmpty();
        }
        System.out.println("pinned in " + pinned + " of " + ROUNDS + " rounds");
    }

    @Test
    void aPinThatComesWhileItsSnapshotExpiresIsRefused() throws Exception {
        long snapshot = snapshotThatIsDue();
        AtomicReference<Future<String>> pin = new AtomicReference<>();
        meet(Failpoint.AFTER_EXPIRE, 1, pin, () -> pin(snapshot), lake::expire);
        assertThatThrownBy(() -> pin.get().get()).hasCauseInstanceOf(PinException.class);
        assertThat(lake.snapshots()).doesNotContain(snapshot);
        assertThat(new PinTable(lake.session()).entries()).isEmpty();
    }

    @Test
    void anExpiryThatComesWhileASnapshotIsPinnedLeavesIt() throws Exception {
        long snapshot = snapshotThatIsDue();
        AtomicReference<Future<SnapshotExpiry.Expired>> expiry = new AtomicReference<>();
        // The first transaction writes the pin, the second one makes sure.
        meet(
                Failpoint.BEFORE_COMMIT,
                2,
                expiry,
                () -> AgingLake.expiry(analyst, AgingLake.RETENTION).run(List.of(TripsLake.TRIPS)),
                () -> AgingLake.pinning(lake.session()).pin(snapshot, "", Optional.empty()));
        expiry.get().get();
        assertThat(lake.snapshots()).contains(snapshot);
    }

    private long snapshotThatIsDue() {
        lake.insert();
        long snapshot = lake.newest();
        lake.insert();
        lake.letPass(Duration.ofDays(8));
        return snapshot;
    }

    /** Runs one action on this thread, and begins the other one where this thread passes a failpoint for the given time. */
    private <T> void meet(
            Failpoint failpoint, int time, AtomicReference<Future<T>> other, Callable<T> action, Callable<?> first)
            throws Exception {
        Thread mine = Thread.currentThread();
        AtomicInteger passed = new AtomicInteger();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == failpoint && Thread.currentThread() == mine && passed.incrementAndGet() == time) {
                other.set(thread.submit(action));
                giveWay(other.get());
            }
        })) {
            assertThat(listening).isNotNull();
            first.call();
        }
    }

    /** Lets the other one come as far as it can while this one's transaction is open. */
    private static void giveWay(Future<?> other) {
        try {
            other.get(1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It waits for this one, or has lost: both are told of at the end.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String pin(long snapshot) {
        return AgingLake.pinning(analyst).pin(snapshot, "", Optional.empty()).id();
    }
}
