package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.Move.How;
import dev.millrace.bench.simulation.Move.Stop;
import dev.millrace.failpoint.Failpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A run of the real pipeline on a thread of its own, which one failpoint stops. */
final class StoppableRun {
    private static final ThreadLocal<StoppableRun> CURRENT = new ThreadLocal<>();
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Optional<Stop> stop;
    private final CompletableFuture<Boolean> pausedOrEnded = new CompletableFuture<>();
    private final CompletableFuture<Boolean> goOn = new CompletableFuture<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private int passed;

    /** As if the process had ended: nothing catches it. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("as the scenario says", null, false, false);
        }
    }

    /** What is thrown into a run that is stopped by an exception. */
    static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Thrown() {
            super("as the scenario says");
        }
    }

    private StoppableRun(Optional<Stop> stop) {
        this.stop = stop;
    }

    /** Starts work, and returns when it has ended or is held. */
    static StoppableRun start(Optional<Stop> stop, Runnable work) {
        StoppableRun run = new StoppableRun(stop);
        Thread thread = new Thread(() -> run.run(work), "scenario");
        thread.setDaemon(true);
        thread.start();
        await(run.pausedOrEnded);
        return run;
    }

    private void run(Runnable work) {
        CURRENT.set(this);
        try {
            work.run();
            ended.complete(true);
        } catch (RuntimeException | Crash e) {
            // What came of the run stands in the lake.
            ended.complete(false);
        } catch (Error e) {
            ended.completeExceptionally(e);
        } finally {
            pausedOrEnded.complete(true);
        }
    }

    boolean isHeld() {
        return !ended.isDone();
    }

    void goOn() {
        goOn.complete(true);
        await(ended);
    }

    /** Is told of each failpoint that a thread passes. */
    static void passed(Failpoint failpoint) {
        StoppableRun run = CURRENT.get();
        if (run != null) {
            run.stopAt(failpoint);
        }
    }

    private void stopAt(Failpoint failpoint) {
        if (stop.isEmpty()
                || stop.orElseThrow().at() != failpoint
                || ++passed != stop.orElseThrow().time()) {
            return;
        }
        if (stop.orElseThrow().how() == How.IS_HELD) {
            pausedOrEnded.complete(true);
            await(goOn);
        } else if (stop.orElseThrow().how() == How.THROWS) {
            throw new Thrown();
        } else {
            throw new Crash();
        }
    }

    private static boolean await(CompletableFuture<Boolean> future) {
        try {
            return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a run of the scenario does not end as it should", e);
        }
    }
}
