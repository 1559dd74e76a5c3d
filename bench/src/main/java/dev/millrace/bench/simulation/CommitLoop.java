package dev.millrace.bench.simulation;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Repeats one transaction of an actor until it has committed, as {@link dev.millrace.lake.CommitRetry} does.
 *
 * @param <T> what the transaction gives
 */
final class CommitLoop<T> {
    private static final int MAX_TRIES = 5;
    private static final int MAX_UNCLEAR_RETRIES = 2;
    private static final int LONGEST_WAIT = 5;

    /** The statements between BEGIN and COMMIT; hands its value to the second argument for the COMMIT. */
    interface Body<T> extends BiFunction<ModelTransaction, Function<T, Step<?>>, Step<?>> {}

    private final Actor actor;
    private final World world;
    private final Body<T> body;
    private final Function<CatalogState, Optional<T>> readBack;
    private final Function<T, Step<?>> done;
    private int retries;
    private boolean isReadingBack;

    /**
     * @param readBack what the catalog says of this very transaction
     * @param done the actor's next step
     */
    CommitLoop(Actor actor, Body<T> body, Function<CatalogState, Optional<T>> readBack, Function<T, Step<?>> done) {
        this.actor = actor;
        this.world = actor.world;
        this.body = body;
        this.readBack = readBack;
        this.done = done;
    }

    Step<?> begin() {
        return Step.of(Operation.BEGIN, world.catalog::begin, transaction -> {
            actor.opened(transaction);
            return body.apply(transaction, value -> commit(transaction, value));
        });
    }

    private Step<?> commit(ModelTransaction transaction, T value) {
        return Step.of(Operation.COMMIT, () -> world.commit(transaction), () -> {
            actor.closed();
            return done.apply(value);
        });
    }

    /** The next step after a failure of this transaction; throws what is not for it to repair. */
    Step<?> failed(Failure failure) {
        actor.closed();
        if (isReadingBack) {
            throw failure;
        }
        switch (failure.kind()) {
            case FENCED -> {
                if (retries == 0 || !world.has(Protection.READ_BACK_AFTER_UNKNOWN)) {
                    throw failure;
                }
                return readBack(happened -> {
                    if (happened.isPresent()) {
                        return done.apply(happened.orElseThrow());
                    }
                    throw failure;
                });
            }
            case CONFLICT, CONNECTION_LOST, UNKNOWN, UNCLEAR -> {
                if (!world.has(Protection.READ_BACK_AFTER_UNKNOWN)) {
                    return again(failure);
                }
                return readBack(happened -> happened.isPresent() ? done.apply(happened.orElseThrow()) : again(failure));
            }
            default -> throw failure;
        }
    }

    private Step<?> readBack(Function<Optional<T>, Step<?>> then) {
        isReadingBack = true;
        return Step.of(Operation.LOOK, () -> readBack.apply(world.catalog.newest()), happened -> {
            if (happened.isPresent()) {
                world.tally.add(Event.FOUND_COMMITTED);
            }
            return then.apply(happened);
        });
    }

    private Step<?> again(Failure failure) {
        boolean isHopeless = failure.kind() == Failure.Kind.UNCLEAR && retries >= MAX_UNCLEAR_RETRIES;
        if (isHopeless || retries + 1 >= MAX_TRIES) {
            world.tally.add(Event.GIVEN_UP);
            throw new Failure(
                    Failure.Kind.BROKEN, "gave up after " + (retries + 1) + " tries: " + failure.getMessage());
        }
        retries++;
        isReadingBack = false;
        actor.sleep(world.random.nextInt(LONGEST_WAIT));
        return begin();
    }
}
