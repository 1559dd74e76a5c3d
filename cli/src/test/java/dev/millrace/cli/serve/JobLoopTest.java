package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves when a job is started: by its schedule, when it is told to, never twice at once, and on after every failure. */
class JobLoopTest {
    private static final DatasetName TRIPS = DatasetName.parse("trips");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final TurnedClock clock = new TurnedClock();
    private final List<Set<DatasetName>> started = new CopyOnWriteArrayList<>();
    private final List<JobState.Last> ended = new CopyOnWriteArrayList<>();
    private final AtomicReference<Configuration> configuration = new AtomicReference<>();
    private Optional<JobLoop> loop = Optional.empty();

    @AfterEach
    void stop() throws InterruptedException {
        if (loop.isPresent()) {
            loop.get().askToStop();
            assertThat(loop.get().awaitEnd(SOON)).isTrue();
        }
    }

    private void configure(String ingest) {
        configuration.set(new ConfigurationLoader(
                        Map.of(
                                "MILLRACE_SERVE_INGEST", ingest,
                                "MILLRACE_SERVE_JITTER", "0s",
                                "MILLRACE_SERVE_DEBOUNCE", "2s"),
                        folder)
                .load(Optional.empty()));
    }

    private JobLoop start(String ingest, Job job) {
        configure(ingest);
        JobLoop made = new JobLoop(
                JobKind.INGEST,
                (now, only, isStopAsked) -> {
                    started.add(only);
                    return job.run(now, only, isStopAsked);
                },
                configuration::get,
                clock,
                (kind, last) -> ended.add(last));
        loop = Optional.of(made);
        made.start();
        return made;
    }

    private void awaitEnds(int number) {
        await().atMost(SOON).untilAsserted(() -> assertThat(ended).hasSize(number));
    }

    @Test
    void itIsStartedAtOnceAndThenByItsInterval() {
        JobLoop looped = start("1m", (now, only, isStopAsked) -> JobEnd.succeeded());
        awaitEnds(1);
        assertThat(looped.state().next()).contains(clock.instant().plusSeconds(60));

        clock.turn(Duration.ofSeconds(59));
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(ended).hasSize(1));
        clock.turn(Duration.ofSeconds(1));
        awaitEnds(2);
        assertThat(started).containsExactly(Set.of(), Set.of());
    }

    @Test
    void startsThatFallDueWhileItRunsBecomeOne() {
        Semaphore mayEnd = new Semaphore(0);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        start("1m", (now, only, isStopAsked) -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            mayEnd.acquireUninterruptibly();
            atOnce.decrementAndGet();
            return JobEnd.succeeded();
        });
        await().atMost(SOON).untilAsserted(() -> assertThat(started).hasSize(1));
        clock.turn(Duration.ofMinutes(5));
        loop.orElseThrow().tell(Set.of(TRIPS));
        mayEnd.release();
        await().atMost(SOON).untilAsserted(() -> assertThat(started).hasSize(2));
        mayEnd.release();
        awaitEnds(2);
        await().during(Duration.ofMillis(400))
                .untilAsserted(() -> assertThat(started).hasSize(2));
        assertThat(most).hasValue(1);
        mayEnd.release(10);
    }

    @Test
    void aFailureOfAnyKindIsCountedAndTheNextOneIsStartedAllTheSame() {
        AtomicInteger number = new AtomicInteger();
        JobLoop looped = start("1m", (now, only, isStopAsked) -> switch (number.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("the engine is gone");
            case 2 -> throw new OutOfMemoryError("no room");
            default -> JobEnd.succeeded();
        });
        awaitEnds(1);
        assertThat(ended.get(0).end().outcome()).isEqualTo(JobEnd.Outcome.FAILED);
        assertThat(ended.get(0).end().message()).contains("the engine is gone");
        clock.turn(Duration.ofMinutes(1));
        awaitEnds(2);
        assertThat(looped.state().failuresInARow()).isEqualTo(2);
        clock.turn(Duration.ofMinutes(1));
        awaitEnds(3);
        assertThat(looped.state().failuresInARow()).isZero();
    }

    @Test
    void whoIsToldWaitsForMoreAndStartsForTheseDatasetsOnly() {
        DatasetName rides = DatasetName.parse("rides");
        JobLoop looped = start("off", (now, only, isStopAsked) -> JobEnd.succeeded());
        looped.tell(Set.of(TRIPS));
        clock.turn(Duration.ofSeconds(1));
        looped.tell(Set.of(rides));
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(started).isEmpty());
        clock.turn(Duration.ofSeconds(1));
        awaitEnds(1);
        assertThat(started).containsExactly(Set.of(TRIPS, rides));
    }

    @Test
    void anotherScheduleHoldsAtOnce() {
        JobLoop looped = start("off", (now, only, isStopAsked) -> JobEnd.succeeded());
        assertThat(looped.state().next()).isEmpty();

        configure("1m");
        looped.reschedule();

        awaitEnds(1);
        assertThat(looped.state().schedule()).isEqualTo("every 1m");
    }

    @Test
    void whatRunsIsToldToStop() throws InterruptedException {
        Semaphore isRunning = new Semaphore(0);
        JobLoop looped = start("1m", (now, only, isStopAsked) -> {
            isRunning.release();
            await().atMost(SOON).until(isStopAsked::getAsBoolean);
            return new JobEnd(JobEnd.Outcome.STOPPED, "");
        });
        isRunning.acquire();
        assertThat(looped.state().runningSince()).isPresent();

        looped.askToStop();

        assertThat(looped.awaitEnd(SOON)).isTrue();
        assertThat(ended).hasSize(1);
        assertThat(looped.isAlive()).isFalse();
    }
}
