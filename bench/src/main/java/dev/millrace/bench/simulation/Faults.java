package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws faults, and does them. */
final class Faults {
    private static final int[] ONE_IN = {1_000_000, 60, 25, 10, 5};
    private static final int LONGEST_ABSENCE = 60;
    private static final int LONGEST_STALL = 150;
    private static final int FARTHEST_JUMP = 300;

    private static final Map<Operation.Nature, List<Fault>> POSSIBLE = possible();

    private final World world;
    private final SplittableRandom random;
    private final int oneIn;

    Faults(World world) {
        this.world = world;
        this.random = world.random;
        this.oneIn = ONE_IN[random.nextInt(ONE_IN.length)];
    }

    private static Map<Operation.Nature, List<Fault>> possible() {
        Map<Operation.Nature, List<Fault>> possible = new EnumMap<>(Operation.Nature.class);
        for (Operation.Nature nature : Operation.Nature.values()) {
            List<Fault> faults = new ArrayList<>(List.of(Fault.CRASH, Fault.STALL, Fault.CLOCK_JUMP));
            faults.addAll(
                    switch (nature) {
                        case LOCAL -> List.of();
                        case PAGE -> List.of(Fault.DUPLICATED_PAGE, Fault.REORDERED_PAGE);
                        case STORE_READ, CATALOG_READ, STATEMENT -> List.of(Fault.EXCEPTION);
                        case STORE_WRITE -> List.of(Fault.EXCEPTION, Fault.LOST_REPLY, Fault.DELAYED_REPLY);
                        case WRITE_IN_ORDER -> List.of(Fault.EXCEPTION, Fault.LOST_REPLY);
                        case COMMIT ->
                            List.of(
                                    Fault.EXCEPTION,
                                    Fault.LOST_REPLY,
                                    Fault.LOST_REPLY,
                                    Fault.DELAYED_REPLY,
                                    Fault.DELAYED_REPLY,
                                    Fault.OUTAGE);
                    });
            possible.put(nature, faults);
        }
        return possible;
    }

    Fault draw(Step<?> step) {
        if (!world.isFaulty() || random.nextInt(oneIn) != 0) {
            return Fault.NONE;
        }
        List<Fault> possible = POSSIBLE.get(step.operation().nature());
        Fault fault = possible.get(random.nextInt(possible.size()));
        boolean isOfProcess = step.operation() == Operation.COMMIT && world.catalog.isolation() == Isolation.EMBEDDED;
        // Without a server there is nobody who could go on with a COMMIT later.
        return fault == Fault.DELAYED_REPLY && isOfProcess ? Fault.LOST_REPLY : fault;
    }

    /** Lets an actor do its next step with a fault. */
    void run(Actor actor, Fault fault) {
        Step<?> step = actor.next();
        switch (fault) {
            case NONE -> run(actor);
            case CRASH -> {
                world.tally.add(Event.CRASHES);
                actor.crash(random.nextBoolean(), random.nextInt(LONGEST_ABSENCE));
            }
            case EXCEPTION -> {
                world.tally.add(Event.EXCEPTIONS);
                fail(actor, withoutEffect(step.operation()));
            }
            case LOST_REPLY -> {
                world.tally.add(Event.LOST_REPLIES);
                happen(actor, step);
                fail(actor, withoutReply(step.operation()));
            }
            case DELAYED_REPLY -> {
                world.tally.add(Event.DELAYED_REPLIES);
                world.later(actor.name + " " + step.operation(), () -> step.happen());
                fail(actor, withoutReply(step.operation()));
            }
            case STALL -> {
                world.tally.add(Event.STALLS);
                actor.sleep(random.nextInt(LONGEST_STALL));
            }
            case CLOCK_JUMP -> {
                world.tally.add(Event.CLOCK_JUMPS);
                int farthest = actor.mayHaveAnyTime()
                        ? FARTHEST_JUMP
                        : (int) world.settings.times().clockError();
                actor.turnClock(random.nextInt(2 * farthest + 1) - farthest);
            }
            case OUTAGE -> {
                world.tally.add(Event.OUTAGES);
                if (random.nextBoolean()) {
                    happen(actor, step);
                }
                actor.closed();
                actor.died();
                actor.goOn(Step.END);
            }
            case DUPLICATED_PAGE, REORDERED_PAGE -> {
                Listing listing = ((Lister) actor).listing();
                run(actor);
                if (fault == Fault.DUPLICATED_PAGE) {
                    world.tally.add(Event.DUPLICATED_PAGES);
                    listing.repeatPage();
                } else {
                    world.tally.add(Event.REORDERED_PAGES);
                    listing.reorder();
                }
            }
        }
    }

    private void happen(Actor actor, Step<?> step) {
        try {
            step.happen();
        } catch (Failure e) {
            world.note(() -> actor.name + " does not hear of: " + e.getMessage());
        }
    }

    private void run(Actor actor) {
        try {
            actor.goOn(actor.next().run());
        } catch (Failure e) {
            fail(actor, e);
        }
    }

    private void fail(Actor actor, Failure failure) {
        world.note(() -> "  " + actor.name + " is told: " + failure.kind() + " " + failure.getMessage());
        switch (failure.kind()) {
            case UNKNOWN, UNCLEAR -> world.tally.add(Event.UNKNOWN_OUTCOMES);
            case CONNECTION_LOST -> world.tally.add(Event.LOST_CONNECTIONS);
            default -> {}
        }
        actor.goOn(actor.failed(failure));
    }

    private Failure withoutEffect(Operation operation) {
        Failure.Kind kind =
                switch (operation.nature()) {
                    case STORE_READ, STORE_WRITE, WRITE_IN_ORDER -> Failure.Kind.STORE;
                    case STATEMENT ->
                        List.of(Failure.Kind.CONNECTION_LOST, Failure.Kind.CONFLICT, Failure.Kind.BROKEN)
                                .get(random.nextInt(3));
                    case COMMIT -> random.nextBoolean() ? Failure.Kind.UNKNOWN : Failure.Kind.UNCLEAR;
                    case CATALOG_READ, LOCAL, PAGE -> Failure.Kind.BROKEN;
                };
        return new Failure(kind, operation + " failed");
    }

    private static Failure withoutReply(Operation operation) {
        return new Failure(
                operation.nature() == Operation.Nature.COMMIT ? Failure.Kind.UNKNOWN : Failure.Kind.STORE,
                operation + " was not answered");
    }
}
