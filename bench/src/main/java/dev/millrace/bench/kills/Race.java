package dev.millrace.bench.kills;

import dev.millrace.ingester.IngestResult;
import dev.millrace.lake.FencedException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Two ingesters that begin at the same moment with the same staged files, each with an engine of its own. In half of the
 * rounds leases are over as soon as they are taken, so that only the token is between the two.
 */
record Race(Clock clock) implements Round {
    private static final Duration NO_LEASE = Duration.ofMillis(1);
    private static final int RACERS = 2;

    @Override
    public Result run(Pipeline sound, Random random, String name) {
        Duration lease = random.nextBoolean() ? NO_LEASE : Pipeline.LEASE;
        Role.INGEST.prepare(sound, name);
        CyclicBarrier start = new CyclicBarrier(RACERS);
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try (Pipeline other = Pipeline.open(sound.site(), clock)) {
            return result(threads.invokeAll(List.of(ingest(sound, lease, start), ingest(other, lease, start))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the middle of a race", e);
        } finally {
            threads.shutdown();
        }
    }

    private static Callable<RoleEnd> ingest(Pipeline pipeline, Duration lease, CyclicBarrier start) {
        return () -> {
            start.await();
            try {
                return pipeline.ingest(lease) instanceof IngestResult.Done ? RoleEnd.DONE : RoleEnd.HELD_BY_ANOTHER;
            } catch (FencedException e) {
                return RoleEnd.FENCED;
            }
        };
    }

    private static Result result(List<Future<RoleEnd>> racers) throws InterruptedException {
        List<RoleEnd> ends = new ArrayList<>();
        for (Future<RoleEnd> racer : racers) {
            try {
                ends.add(racer.get());
            } catch (ExecutionException e) {
                return Result.wrong("one of two racing ingesters failed: " + e.getCause() + where(e.getCause()));
            }
        }
        if (!ends.contains(RoleEnd.DONE)) {
            return Result.wrong("two racing ingesters ended with " + ends);
        }
        return ends.stream().allMatch(RoleEnd.DONE::equals) ? Result.MISSED : Result.STRUCK;
    }

    private static String where(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.millrace"))
                .map(frame -> " at " + frame.getClassName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining());
    }
}
