package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One seed's life of a lake: producers, ingesters, compactors, cleaners, readers and somebody who erases rows, step by step in
 * an order, with faults and at times that all come of the seed; then everything goes well until nothing is left to do.
 */
final class Simulation {
    private static final int MAX_STEPS = 500;
    private static final int DRAIN_ROUNDS = 12;
    private static final int DRAIN_STEPS = 20_000;
    private static final String[] HOSTS = {"a", "b"};

    private final long seed;
    private final World world;
    private final Faults faults;
    private final List<Actor> actors = new ArrayList<>();

    /** What came of a seed; {@code trace} is empty unless it was asked for. */
    record Result(long seed, Tally tally, Optional<String> violation, List<String> trace) {}

    private Simulation(long seed, Set<Protection> missing, boolean traced) {
        this.seed = seed;
        SplittableRandom random = new SplittableRandom(seed);
        this.world = new World(random, ModelSettings.of(random), missing, traced);
        this.faults = new Faults(world);
        populate(random);
    }

    /**
     * Runs a seed.
     *
     * @param missing the protections to do without
     * @param traced whether the numbered steps are kept
     */
    static Result run(long seed, Set<Protection> missing, boolean traced) {
        Simulation simulation = new Simulation(seed, missing, traced);
        Optional<String> violation = Optional.empty();
        try {
            simulation.live();
            simulation.drain();
        } catch (Violation e) {
            violation = Optional.of(e.getMessage());
            simulation.world.note(() -> "VIOLATION: " + e.getMessage());
        }
        return new Result(seed, simulation.world.tally, violation, simulation.world.trace());
    }

    private void populate(SplittableRandom random) {
        world.note(() -> "seed " + seed + ": " + world.settings);
        int producers = 2 + random.nextInt(3);
        for (int i = 0; i < producers; i++) {
            actors.add(new Producer(world, "producer" + i, host(random), 1 + random.nextInt(5), kind(random)));
        }
        for (int i = 0; i < 2; i++) {
            actors.add(new IngestWork(world, "ingester" + i, host(random), 2 + random.nextInt(5)));
        }
        int compactors = 1 + random.nextInt(2);
        for (int i = 0; i < compactors; i++) {
            actors.add(new CompactWork(world, "compactor" + i, host(random), 2 + random.nextInt(5)));
        }
        for (int i = 0; i < 2; i++) {
            actors.add(new ExpiryWork(world, "expiry" + i, host(random), 3 + random.nextInt(8)));
            actors.add(new Reader(world, "reader" + i, host(random), 2 + random.nextInt(6)));
        }
        actors.add(new SweepWork(world, "sweeper", host(random), 1 + random.nextInt(6)));
        if (random.nextInt(3) == 0) {
            actors.add(new Eraser(world, "eraser", host(random), 1 + random.nextInt(3)));
        }
    }

    private static Producer.Kind kind(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> Producer.Kind.TAKES_OTHERS_KEYS;
            case 1, 2 -> Producer.Kind.WRITES_IN_PLACE;
            case 3, 4, 5 -> Producer.Kind.FORGETS;
            default -> Producer.Kind.REPEATS;
        };
    }

    private static String host(SplittableRandom random) {
        return HOSTS[random.nextInt(HOSTS.length)];
    }

    private void live() {
        world.setFaulty(true);
        for (int step = 0; step < MAX_STEPS; step++) {
            if (world.hasLate() && world.random.nextInt(8) == 0) {
                world.happenLate();
            }
            if (!stepOfSomebody()) {
                return;
            }
            world.advance(world.random.nextInt(40) == 0 ? 10 + world.random.nextInt(90) : world.random.nextInt(3));
        }
    }

    /** False when nobody has anything to do any more. */
    private boolean stepOfSomebody() {
        List<Actor> awake = new ArrayList<>();
        long soonest = Long.MAX_VALUE;
        for (Actor actor : actors) {
            if (actor.hasWork()) {
                soonest = Math.min(soonest, actor.wakesAt());
                if (actor.isAwake()) {
                    awake.add(actor);
                }
            }
        }
        if (soonest == Long.MAX_VALUE) {
            return false;
        }
        if (awake.isEmpty()) {
            world.advance(soonest - world.time());
            return true;
        }
        step(awake.get(world.random.nextInt(awake.size())));
        return true;
    }

    private void step(Actor actor) {
        actor.begin();
        Step<?> step = actor.next();
        Fault fault = faults.draw(step);
        world.tally.add(Event.STEPS);
        world.note(() -> actor.name + " " + step.operation() + (fault == Fault.NONE ? "" : " " + fault));
        if (step.operation().nature() != Operation.Nature.LOCAL) {
            requireNoTransfer(actor, step.operation());
        }
        faults.run(actor, fault);
        if (actor.isIdle() && fault != Fault.CRASH) {
            actor.sleep(world.random.nextInt(actor.longestRest()));
            if (world.random.nextBoolean()) {
                actor.startProcessAnew();
            }
        }
    }

    private static void requireNoTransfer(Actor actor, Operation operation) {
        switch (operation.nature()) {
            case PAGE, STORE_READ, STORE_WRITE, WRITE_IN_ORDER -> actor.requireNoTransaction(operation);
            default -> {}
        }
    }

    /** Everything goes well from now on: what is begun ends, then rounds of everybody until nothing waits. */
    private void drain() {
        world.setFaulty(false);
        world.note(() -> "from here on everything goes well");
        actors.forEach(actor -> {
            actor.turnClock(0);
            actor.wake();
            actor.stop();
        });
        finish();
        for (int round = 0; round < DRAIN_ROUNDS && isSomethingWaiting(); round++) {
            world.advance(60L * (round + 1));
            startAll();
            finish();
        }
        startAll();
        finish();
        world.oracle.allIsDone();
    }

    private void startAll() {
        for (Actor actor : actors) {
            if (!(actor instanceof Producer)) {
                actor.startOnceMore();
            }
        }
    }

    private boolean isSomethingWaiting() {
        return world.staging.all().stream().anyMatch(object -> world.catalog.newest().ledger().stream()
                .noneMatch(row -> row.key().equals(object.key())));
    }

    private void finish() {
        for (int step = 0; step < DRAIN_STEPS; step++) {
            if (world.hasLate()) {
                world.happenLate();
            }
            if (!stepOfSomebody()) {
                return;
            }
            world.advance(world.random.nextInt(2));
        }
        throw new Violation("when everything goes well, it does not come to an end within " + DRAIN_STEPS + " steps");
    }
}
