package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.Move.How;
import dev.millrace.bench.simulation.Move.Stop;
import dev.millrace.bench.simulation.Move.Who;
import dev.millrace.failpoint.Failpoint;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.lake.RunOutcome;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Makes the moves of a scenario in the model. */
final class ModelPipeline {
    private static final int MANY_OBJECTS = 1_000;

    private final World world;
    private final Map<Who, Actor> actors = new EnumMap<>(Who.class);
    private final Map<ModelProcess, Who> processes = new java.util.HashMap<>();
    private int staged;

    ModelPipeline(Isolation isolation) {
        ModelSettings settings = new ModelSettings(
                isolation,
                new ModelSettings.Times(
                        Scenario.LEASE.toSeconds(),
                        Scenario.SETTLE.toSeconds(),
                        Scenario.RETAIN_STAGED.toSeconds(),
                        1_000,
                        1_000,
                        0),
                new BatchLimits(Long.MAX_VALUE / 2, Scenario.BATCH_FILES, Scenario.BATCH_PARTITIONS),
                Long.MAX_VALUE / 4,
                MANY_OBJECTS);
        this.world = new World(new SplittableRandom(1), settings, EnumSet.noneOf(Protection.class), false);
    }

    void make(Move move) {
        if (move instanceof Move.Stage stage) {
            stage(stage);
        } else if (move instanceof Move.StageUnreadable unreadable) {
            put(unreadable.key(), new Content("", java.util.List.of(0, 0), false));
        } else if (move instanceof Move.Wait wait) {
            world.advance(wait.time().toSeconds());
        } else if (move instanceof Move.GoOn goOn) {
            finish(actors.get(goOn.who()));
        } else if (move instanceof Move.Run run) {
            run(run);
        }
    }

    private void stage(Move.Stage stage) {
        int stored = stage.files().size();
        if (stage.stop().isPresent() && stage.stop().orElseThrow().how() != How.THROWS) {
            Stop stop = stage.stop().orElseThrow();
            stored = Math.min(stored, stop.at() == Failpoint.BEFORE_PUT ? stop.time() - 1 : stop.time());
        }
        for (Move.File file : stage.files().subList(0, stored)) {
            Content content = new Content(
                    Integer.toString(file.day()),
                    IntStream.range(file.first(), file.first() + file.rows())
                            .boxed()
                            .toList(),
                    true);
            put(file.key(), content);
            world.oracle.acknowledge(file.key(), content);
        }
    }

    /** The clocks of the scenario are turned, those of the stores are not. */
    private void put(String key, Content content) {
        world.staging.putIfAbsent(key, content, World.BEGINNING + ++staged);
    }

    private void run(Move.Run run) {
        String host =
                run.stop().filter(stop -> stop.how() == How.CRASHES_ELSEWHERE).isPresent()
                        ? "elsewhere" + processes.size()
                        : "here";
        Actor actor =
                switch (run.who()) {
                    case INGESTER_A, INGESTER_B ->
                        new IngestWork(world, run.who().name(), host, 1);
                    case COMPACTOR -> new CompactWork(world, run.who().name(), host, 1);
                    case SWEEPER -> new SweepWork(world, run.who().name(), host, 1);
                };
        processes.put(actor.process(), run.who());
        actors.put(run.who(), actor);
        actor.begin();
        if (run.stop().isPresent()) {
            runUntil(actor, run.stop().orElseThrow());
        } else {
            finish(actor);
        }
    }

    private static void finish(Actor actor) {
        while (!actor.isIdle()) {
            step(actor, actor.next());
        }
    }

    private void runUntil(Actor actor, Stop stop) {
        int passed = 0;
        while (!actor.isIdle()) {
            Step<?> step = actor.next();
            if (step.operation().before().equals(Optional.of(stop.at())) && ++passed == stop.time()) {
                stop(actor, stop.how());
                return;
            }
            if (step.operation().after().equals(Optional.of(stop.at()))) {
                Optional<Step<?>> behind = effect(actor, step);
                if (behind.isEmpty()) {
                    continue;
                }
                actor.goOn(behind.orElseThrow());
                if (++passed == stop.time()) {
                    stop(actor, stop.how());
                    return;
                }
                step(actor, actor.next());
            } else {
                step(actor, step);
            }
        }
    }

    /** Has the effect of a step; what is left of it is the next one. Empty when it failed. */
    private static <T> Optional<Step<?>> effect(Actor actor, Step<T> step) {
        try {
            T value = step.effect().get();
            return Optional.of(Step.after(value, step.then()));
        } catch (Failure e) {
            actor.goOn(actor.failed(e));
            return Optional.empty();
        }
    }

    private static void step(Actor actor, Step<?> step) {
        try {
            actor.goOn(step.run());
        } catch (Failure e) {
            actor.goOn(actor.failed(e));
        }
    }

    private void stop(Actor actor, How how) {
        switch (how) {
            case CRASHES_HERE, CRASHES_ELSEWHERE -> {
                actor.closed();
                actor.died();
                actor.goOn(Step.END);
                world.ended(actor.process());
            }
            case THROWS -> {
                actor.goOn(actor.failed(new Failure(Failure.Kind.BROKEN, "as the scenario says")));
                finish(actor);
            }
            case IS_HELD -> {}
        }
    }

    Observation observe() {
        CatalogState state = world.catalog.newest();
        Map<String, String> holders = new TreeMap<>();
        state.leases().forEach((activity, lease) -> lease.holder()
                .ifPresent(holder ->
                        holders.put(activity.word(), processes.get(holder).name())));
        return new Observation(
                world.staging.all().stream().map(StoredContent::key).toList(),
                state.ledger().stream()
                        .map(row -> row.key() + (row.loaded() ? " loaded" : " quarantined"))
                        .sorted()
                        .toList(),
                state.files().values().stream()
                        .flatMap(file -> file.live().stream())
                        .sorted()
                        .toList(),
                state.files().size(),
                state.version(),
                state.runs().values().stream().map(RunOutcome::word).sorted().toList(),
                holders);
    }

    /** Checks that nothing is lost and nothing waits. */
    void requireDone() {
        world.oracle.allIsDone();
    }
}
