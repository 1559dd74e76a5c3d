package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.FencedException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import dev.millrace.storage.StoreStand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves that no row is lost or doubled when ingesters are killed, race, or wake up after their lease is gone. */
@Tag("slow")
@Tag("stand")
class ExactlyOnceTest {
    private static final int FILES = 60;
    private static final int ROWS = FILES * 25;

    @TempDir
    Path folder;

    private Pipeline pipeline;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void stage() {
        pipeline = Pipeline.initialized(folder);
        for (int file = 0; file < FILES; file++) {
            pipeline.stage("p" + file % 4, file % 40, file * 25L, 25);
        }
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StoppingIngest.Place.class,
            names = {"WRITTEN", "COMMITTED"})
    void aKilledIngestLosesAndDoublesNothing(StoppingIngest.Place place) throws Exception {
        Process process = start(place);
        assertThat(firstLine(process)).isEqualTo("AT " + place);
        process.destroyForcibly().waitFor();
        long before = pipeline.lakeLong("SELECT count(*) FROM lake.trips");
        assertThat(before)
                .isEqualTo(pipeline.lakeLong("SELECT coalesce(sum(rows), 0)::BIGINT FROM lake.millrace.ledger"));

        IngestResult.Done done = pipeline.ingest();

        assertThat(done.counts().rows()).isEqualTo(ROWS - before);
        assertEveryRowOnce();
        assertThat(pipeline.lakeTexts("SELECT outcome FROM lake.millrace.run ORDER BY started_at"))
                .containsExactly("died", "succeeded");
    }

    @Test
    void severalProcessesAtOnceLoadEveryRowOnce() throws Exception {
        List<Process> racing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            racing.add(start(StoppingIngest.Place.NOWHERE));
        }
        for (Process process : racing) {
            assertThat(firstLine(process)).isIn("Done", "HeldByAnother");
        }
        assertThat(pipeline.ingest().counts().files()).isZero();
        assertEveryRowOnce();
    }

    @Test
    void twoSessionsAtOnceLoadEveryRowOnceTenTimes() throws Exception {
        for (int round = 0; round < 10; round++) {
            pipeline.stage("late", round, 100_000L + round * 10L, 10);
            inParallel(() -> ingestOrTryLater(), () -> ingestOrTryLater());
        }
        pipeline.ingest();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(ROWS + 100);
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(ROWS + 100);
    }

    @Test
    void anIngestThatWakesUpAfterItsLeaseWasTakenCommitsNothing() throws Exception {
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch wake = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<IngestResult> sleeper = thread.submit(() -> {
                try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
                    IngestListener listener = new IngestListener() {
                        @Override
                        public void written(DatasetName d, String batch, int staged, int files, long rows) {
                            asleep.countDown();
                            awaitQuietly(wake);
                        }
                    };
                    return pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), listener)
                            .ingest(Pipeline.trips());
                }
            });
            asleep.await();
            Clock afterExpiry = Clock.offset(Clock.systemUTC(), Pipeline.LEASE.plus(Duration.ofSeconds(1)));
            assertThat(pipeline.ingest(Pipeline.SETTINGS, afterExpiry).counts().rows())
                    .isEqualTo(ROWS);
            wake.countDown();
            assertThat(sleeper)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(FencedException.class);
        } finally {
            wake.countDown();
            thread.shutdown();
        }
        assertEveryRowOnce();
        assertThat(pipeline.lakeTexts("SELECT outcome FROM lake.millrace.run ORDER BY started_at"))
                .containsExactly("fenced", "succeeded");
    }

    private Boolean ingestOrTryLater() {
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            return pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                            .ingest(Pipeline.trips())
                    instanceof IngestResult.Done;
        }
    }

    private static void inParallel(
            java.util.concurrent.Callable<Boolean> first, java.util.concurrent.Callable<Boolean> second)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Boolean> result : threads.invokeAll(List.of(first, second))) {
                result.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertEveryRowOnce() {
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(ROWS);
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(ROWS);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isEqualTo(FILES);
    }

    private Process start(StoppingIngest.Place place) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument ->
                        Stream.of("-Dmillrace", "-Djava.library.path", "-XX:").anyMatch(argument::startsWith))
                .forEach(command::add);
        command.addAll(StoreStand.current().childArguments());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                StoppingIngest.class.getName(),
                folder.toString(),
                place.name()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return reader.readLine();
    }
}
