package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.NamedFiles;
import dev.millrace.lake.ProxiedLake;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that an ingest loses and doubles nothing when the answer to any of its COMMITs is lost, or when its connection
 * with the catalog breaks at any moment: after every round the lake holds each staged row once, the ledger knows each staged
 * file once, and every file that the catalog names is whole.
 */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LostReplyTest {
    /** {@code -Dmillrace.test.rounds=100} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 12);

    private static final int FILES_IN_BATCH = 2;
    private static final int MAX_FILES = 6;
    private static final int ROWS_IN_FILE = 10;
    private static final int DAYS = 3;
    private static final IngestSettings SMALL_BATCHES =
            new IngestSettings(new BatchLimits(1_000_000, FILES_IN_BATCH, 16), 256_000_000, Duration.ZERO);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Set<String> staged = new HashSet<>();
    private final Set<String> poison = new HashSet<>();
    private Pipeline pipeline;
    private ProxiedLake proxied;
    private LakeSession direct;
    private long rows;
    private int failedRuns;

    @BeforeEach
    void open() throws Exception {
        System.out.println("millrace.test.seed = " + seed);
        pipeline = Pipeline.initialized(folder);
        proxied = ProxiedLake.of(folder);
        direct = pipeline.session(SessionOptions.Access.READ);
    }

    @AfterEach
    void close() throws Exception {
        proxied.close();
        direct.close();
    }

    @Test
    void theReplyOfAnyCommitMayBeCut() {
        for (int round = 0; round < ROUNDS; round++) {
            int commit = random.nextInt(stage());
            roundWithFault("reply of commit " + commit, proxied.proxy().cutReplyOfCommitAfter(commit));
        }
        assertThat(failedRuns).isZero();
    }

    @Test
    void anyCommitMayBeCutBeforeItArrives() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            int commit = random.nextInt(stage());
            roundWithFault("commit " + commit, proxied.proxy().cutCommitAfter(commit));
        }
        assertThat(failedRuns).isZero();
    }

    @Test
    void aSlowNetworkChangesNothing() {
        proxied.proxy().tcp().delay(Duration.ofMillis(20));
        int commit = random.nextInt(stage());
        roundWithFault("reply of commit " + commit, proxied.proxy().cutReplyOfCommitAfter(commit));
    }

    @Test
    void theConnectionMayBreakAtAnyMoment() {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            stage();
            long begun = System.nanoTime();
            ingest(() -> {});
            long typical = System.nanoTime() - begun;
            for (int round = 0; round < ROUNDS / 2; round++) {
                stage();
                long moment = (long) (random.nextDouble() * typical);
                AtomicReference<Future<?>> reset = new AtomicReference<>();
                ingest(() -> reset.set(
                        timer.schedule(() -> proxied.proxy().tcp().resetConnections(), moment, TimeUnit.NANOSECONDS)));
                reset.get().cancel(false);
                check("round " + round + ", reset after " + moment / 1_000_000 + " ms");
            }
        } finally {
            timer.shutdownNow();
        }
    }

    @Test
    void anEngineThatFailsUnderACommitIsReplaced() {
        for (int file = 0; file < 3 * FILES_IN_BATCH; file++) {
            stageFile();
        }
        AtomicReference<CompletableFuture<Void>> cut = new AtomicReference<>();
        IngestListener atFirstBatch = new IngestListener() {
            @Override
            public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long written) {
                // The connection breaks under the read of an inlined table, which the engine does not survive.
                cut.compareAndSet(null, proxied.proxy().cutQueryWith("\"activity\""));
            }
        };
        try (LakeSession session = openProxied()) {
            int engine = session.engineNumber();
            pipeline.ingester(session, SMALL_BATCHES, Clock.systemUTC(), atFirstBatch)
                    .ingest(Pipeline.trips());
            assertThat(session.engineNumber()).isGreaterThan(engine);
        }
        assertThat(cut.get()).succeedsWithin(Duration.ofSeconds(10));
        check("a failed engine");
    }

    private LakeSession openProxied() {
        return proxied.open(SessionOptions.Access.WRITE, List.of(pipeline.staging.root() + "/"));
    }

    private void roundWithFault(String fault, CompletableFuture<Void> cut) {
        ingest(() -> {});
        assertThat(cut).as("seed %d, %s", seed, fault).succeedsWithin(Duration.ofSeconds(10));
        check(fault);
    }

    /** Stages some files, now and then one that is none; returns how many commits their ingest takes. */
    private int stage() {
        int files = 1 + random.nextInt(MAX_FILES);
        for (int file = 0; file < files; file++) {
            stageFile();
        }
        boolean withPoison = random.nextInt(4) == 0;
        if (withPoison) {
            stagePoison();
        }
        int batches = (files + FILES_IN_BATCH - 1) / FILES_IN_BATCH;
        return 1 + batches + (withPoison ? 1 : 0) + 1;
    }

    private void stageFile() {
        staged.add(pipeline.stage("p" + random.nextInt(2), random.nextInt(DAYS), rows, ROWS_IN_FILE));
        rows += ROWS_IN_FILE;
    }

    private void stagePoison() {
        String name = "poison-" + poison.size() + ".parquet";
        try {
            pipeline.putForeign(name, "this is a text and no Parquet file".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        poison.add(Pipeline.TRIPS + "/stranger/" + name);
    }

    /** @param onceOpen runs before the ingest, when its session is open */
    private void ingest(Runnable onceOpen) {
        try (LakeSession session = openProxied()) {
            onceOpen.run();
            pipeline.ingester(session, SMALL_BATCHES, Clock.systemUTC(), IngestListener.NONE)
                    .ingest(Pipeline.trips());
        } catch (LakeException e) {
            System.out.println(e);
            failedRuns++;
            pipeline.ingest();
        }
    }

    private void check(String fault) {
        String when = "seed " + seed + ", " + fault;
        assertThat(direct.query(
                        "SELECT count(*), count(DISTINCT id), sum(id)::BIGINT FROM lake.trips",
                        row -> List.of(row.getLong(1), row.getLong(2), row.getLong(3))))
                .as(when)
                .containsExactly(List.of(rows, rows, rows * (rows - 1) / 2));
        assertThat(ledger("loaded")).as(when).containsExactlyInAnyOrderElementsOf(staged);
        assertThat(ledger("quarantined")).as(when).containsExactlyInAnyOrderElementsOf(poison);
        assertThat(direct.queryLong("SELECT sum(rows)::BIGINT FROM lake.millrace.ledger"))
                .as(when)
                .isEqualTo(rows);
        assertThat(new NamedFiles(direct, pipeline.lakeData).problems())
                .as(when)
                .isEmpty();
        assertThat(direct.queryLong("SELECT count(holder) FROM lake.millrace.lease"))
                .as("%s: leases held", when)
                .isZero();
        assertThat(direct.queryLong("SELECT count(*) FROM lake.millrace.run WHERE outcome = 'running'"))
                .as("%s: runs without an end", when)
                .isZero();
    }

    private List<String> ledger(String status) {
        return direct.query(
                "SELECT staged_key FROM lake.millrace.ledger WHERE status = ?", row -> row.getString(1), status);
    }
}
