package dev.millrace.bench.kills;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Several trials at once, each in a thread of its own; a round's lane follows from its number. Belongs to one thread. */
final class Lanes implements AutoCloseable {
    private final List<Trial> trials;
    private final ExecutorService threads;

    Lanes(Sites sites, long seed, Clock clock, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one lane is needed, not " + count);
        }
        this.trials = IntStream.range(0, count)
                .mapToObj(lane -> new Trial(sites, seed, clock))
                .toList();
        this.threads = Executors.newFixedThreadPool(count);
    }

    /** Records what undisturbed processes pass. */
    Passings passings(Collection<Role> roles) {
        return trials.get(0).passings(roles);
    }

    /** Makes some rounds of a fault. */
    Tally run(String fault, int rounds, Round round) {
        List<Future<Tally>> running = new ArrayList<>();
        for (int lane = 0; lane < trials.size(); lane++) {
            Trial trial = trials.get(lane);
            IntStream numbers = IntStream.iterate(lane, number -> number < rounds, number -> number + trials.size());
            running.add(threads.submit(() -> trial.run(fault, numbers, round)));
        }
        return running.stream().map(Lanes::result).reduce(Tally.none(fault), Tally::plus);
    }

    private static Tally result(Future<Tally> tally) {
        try {
            return tally.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lane ended: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while rounds were running", e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        trials.forEach(Trial::close);
    }
}
