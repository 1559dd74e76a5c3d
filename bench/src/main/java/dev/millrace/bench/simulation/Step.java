package dev.millrace.bench.simulation;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One step of an actor: nothing comes between its parts.
 *
 * @param effect what it does to store or catalog; may happen although its actor never hears of it, so it leaves the actor alone
 * @param then takes the effect's value into the actor, and gives its next step
 */
record Step<T>(Operation operation, Supplier<T> effect, Function<T, Step<?>> then) {
    /** The program has ended. */
    static final Step<Boolean> END = new Step<>(Operation.END, () -> true, done -> Step.END);

    static <T> Step<T> of(Operation operation, Supplier<T> effect, Function<T, Step<?>> then) {
        return new Step<>(operation, effect, then);
    }

    static Step<Boolean> of(Operation operation, Runnable effect, Supplier<Step<?>> then) {
        return new Step<>(
                operation,
                () -> {
                    effect.run();
                    return true;
                },
                done -> then.get());
    }

    static Step<Boolean> decide(Supplier<Step<?>> then) {
        return new Step<>(Operation.DECIDE, () -> true, done -> then.get());
    }

    /** With the effect and the way on apart, for who holds the actor between them. */
    Step<?> run() {
        return then.apply(effect.get());
    }

    /** Has the effect, of which the actor learns nothing. */
    void happen() {
        T unheard = effect.get();
        assert unheard != null : operation;
    }

    /** As after the effect, which has had this value. */
    static <T> Step<T> after(T value, Function<T, Step<?>> then) {
        return new Step<>(Operation.DECIDE, () -> value, then);
    }
}
