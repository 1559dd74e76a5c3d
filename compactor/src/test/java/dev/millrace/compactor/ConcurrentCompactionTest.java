package dev.millrace.compactor;

import static dev.millrace.compactor.TripsLake.CONTRACT;
import static dev.millrace.compactor.TripsLake.FULL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that compactions of several datasets at once all come to their end, and that of two on the same dataset one works and the other
 * is told to come back: with no row lost or doubled either way.
 */
@Tag("slow")
@Tag("stand")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ConcurrentCompactionTest {
    private static final int DAYS = 20;
    private static final int FILES_A_DAY = 3;
    private static final int ROWS_IN_INSERT = 200;

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private TripsLake lake;

    @BeforeEach
    void open() {
        lake = new TripsLake(folder);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        lake.close();
    }

    /**
     * Registers and does not insert: two sessions that register files of their datasets for the first time, at the same moment, can crash the
     * engine on SQLite (DuckLake issue 1431). What is compacted was registered by an ingest before.
     */
    private void fill(Contract contract) {
        for (long file = 0; file < FILES_A_DAY; file++) {
            lake.load(contract, file * ROWS_IN_INSERT, ROWS_IN_INSERT, DAYS);
        }
    }

    private List<Long> content(Contract contract) {
        return TripsLake.contentOf(lake.session(), "lake." + contract.dataset());
    }

    /** In a session of its own, as another process would. */
    private CompactResult compact(Contract contract) {
        try (LakeSession session = lake.open(SessionOptions.Access.WRITE)) {
            return new Compactor(
                            lake.environment(session, Clock.systemUTC(), CommitRetry.STANDARD), FULL, Budget.UNLIMITED)
                    .compact(contract);
        }
    }

    /** Compacts each on a thread, from the same moment on. */
    private List<CompactResult> compactAtOnce(List<Contract> contracts) throws Exception {
        CyclicBarrier start = new CyclicBarrier(contracts.size());
        List<Future<CompactResult>> results = new ArrayList<>();
        for (Contract contract : contracts) {
            results.add(threads.submit(() -> {
                start.await();
                return compact(contract);
            }));
        }
        List<CompactResult> ended = new ArrayList<>();
        for (Future<CompactResult> result : results) {
            ended.add(result.get());
        }
        return ended;
    }

    private void assertDone(CompactResult result) {
        assertThat(result).isInstanceOfSatisfying(CompactResult.Done.class, done -> {
            assertThat(done.before().files()).isEqualTo(FILES_A_DAY * DAYS);
            assertThat(done.after().files()).isEqualTo(DAYS);
            assertThat(done.after().rows()).isEqualTo(FILES_A_DAY * ROWS_IN_INSERT);
        });
    }

    private void assertNothingIsHeldOrBroken() {
        assertThat(new NamedFiles(lake.session(), lake.data()).problems()).isEmpty();
        assertThat(lake.session().queryLong("SELECT count(holder) FROM lake.millrace.lease"))
                .isZero();
        assertThat(lake.session().queryLong("SELECT count(*) FROM lake.millrace.run WHERE outcome <> 'succeeded'"))
                .isZero();
    }

    @RepeatedTest(2)
    void twoDatasetsAtOnceAreBothCompacted() throws Exception {
        Contract rides = TripsLake.contract(DatasetName.parse("rides"));
        lake.add(rides);
        fill(CONTRACT);
        fill(rides);
        List<Long> before = content(CONTRACT);

        List<CompactResult> results = compactAtOnce(List.of(CONTRACT, rides));

        results.forEach(this::assertDone);
        assertThat(content(CONTRACT)).isEqualTo(before);
        assertThat(content(rides)).isEqualTo(before);
        assertNothingIsHeldOrBroken();
    }

    @Test
    void whoComesWhileTheOtherOneMergesIsToldToComeBack() throws Exception {
        fill(CONTRACT);
        List<Long> before = content(CONTRACT);
        AtomicReference<Future<CompactResult>> second = new AtomicReference<>();
        CompactResult first;
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == Failpoint.AFTER_WRITE_LAKE_FILES && second.get() == null) {
                second.set(threads.submit(() -> compact(CONTRACT)));
                await(second.get());
            }
        })) {
            assertThat(listening).isNotNull();
            first = compact(CONTRACT);
        }

        assertDone(first);
        assertThat(second.get().get()).isInstanceOf(CompactResult.HeldByAnother.class);
        assertThat(content(CONTRACT)).isEqualTo(before);
        assertNothingIsHeldOrBroken();
    }

    private static void await(Future<?> other) {
        try {
            other.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one that comes last looks before the first one has the lease, or after it has ended, or in between. */
    @RepeatedTest(3)
    void ofTwoFromTheSameMomentOnOneDoesTheWork() throws Exception {
        fill(CONTRACT);
        List<Long> before = content(CONTRACT);

        List<CompactResult> results = compactAtOnce(List.of(CONTRACT, CONTRACT));

        assertThat(results.stream()
                        .filter(CompactResult.Done.class::isInstance)
                        .map(CompactResult.Done.class::cast)
                        .filter(done -> done.commits() > 0))
                .hasSize(1);
        assertThat(lake.files()).isEqualTo(DAYS);
        assertThat(content(CONTRACT)).isEqualTo(before);
        assertNothingIsHeldOrBroken();
    }

    @Test
    void whatIsMergedBetweenALookAndTheLeaseIsNotMergedTwice() {
        fill(CONTRACT);
        List<Long> before = content(CONTRACT);
        AtomicReference<Thread> first = new AtomicReference<>(Thread.currentThread());
        AtomicReference<Future<CompactResult>> other = new AtomicReference<>();
        CompactResult late;
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(at -> {
            if (at == Failpoint.BEFORE_TAKE_LEASE && first.compareAndSet(Thread.currentThread(), null)) {
                other.set(threads.submit(() -> compact(CONTRACT)));
                await(other.get());
            }
        })) {
            assertThat(listening).isNotNull();
            late = compact(CONTRACT);
        }
        assertThat(((CompactResult.Done) late).commits()).isZero();
        assertThat(lake.files()).isEqualTo(DAYS);
        assertThat(content(CONTRACT)).isEqualTo(before);
        assertNothingIsHeldOrBroken();
        assertThat(lake.storedFiles()).isEqualTo((FILES_A_DAY + 1) * DAYS);
    }
}
