package dev.millrace.bench.simulation;

import java.util.Optional;

/** Somebody who acts, step by step, in a process of a host with a clock of its own. Not thread-safe. */
abstract class Actor {
    final World world;
    final String name;
    private final String host;
    private ModelProcess process;
    private long clockOffset;
    private long wakesAt;
    private Step<?> next = Step.END;
    private Optional<ModelTransaction> open = Optional.empty();
    private int runsLeft;

    Actor(World world, String name, String host, int runs) {
        this.world = world;
        this.name = name;
        this.host = host;
        this.process = world.newProcess(host);
        this.runsLeft = runs;
    }

    /** The first step of the next run. */
    abstract Step<?> start();

    /** What it does about a failure. */
    abstract Step<?> failed(Failure failure);

    /** Forgets what its process had in memory. */
    void died() {}

    /** Whether its clock may be wrong by any time, or by the settings' {@code clockError} only. */
    boolean mayHaveAnyTime() {
        return true;
    }

    /** For how long it rests between two runs at most. */
    int longestRest() {
        return 30;
    }

    final long now() {
        return world.time() + clockOffset;
    }

    final long clockOffset() {
        return clockOffset;
    }

    final void turnClock(long seconds) {
        clockOffset = seconds;
    }

    final ModelProcess process() {
        return process;
    }

    final Step<?> next() {
        return next;
    }

    final void goOn(Step<?> step) {
        this.next = step;
    }

    final boolean isIdle() {
        return next.operation() == Operation.END;
    }

    final boolean hasWork() {
        return !isIdle() || runsLeft > 0;
    }

    final boolean isAwake() {
        return wakesAt <= world.time();
    }

    final long wakesAt() {
        return wakesAt;
    }

    final void sleep(long seconds) {
        wakesAt = Math.max(wakesAt, world.time() + seconds);
    }

    final void wake() {
        wakesAt = world.time();
    }

    /** Begins a run when there is none. */
    final void begin() {
        if (isIdle()) {
            runsLeft--;
            next = start();
        }
    }

    final void startOnceMore() {
        runsLeft = 1;
    }

    /** Begins nothing more, besides what a crash has left half done. */
    final void stop() {
        runsLeft = hasUnfinished() ? 1 : 0;
    }

    /** Whether work of a former process has to be taken up. */
    boolean hasUnfinished() {
        return false;
    }

    final void opened(ModelTransaction transaction) {
        open = Optional.of(transaction);
    }

    final void closed() {
        open = Optional.empty();
    }

    /** The process is gone, and its transaction with it; another one goes on with the work later. */
    final void crash(boolean onSameHost, long awaySeconds) {
        closed();
        died();
        next = Step.END;
        world.ended(process);
        process = world.newProcess(onSameHost ? host : host + "'");
        runsLeft = Math.max(1, runsLeft);
        sleep(awaySeconds);
    }

    /** Goes on as a run of a new process does. */
    final void startProcessAnew() {
        world.ended(process);
        process = world.newProcess(process.host());
    }

    /** A transaction holds no data transfer. */
    final void requireNoTransaction(Operation operation) {
        if (open.isPresent()) {
            throw new Violation(name + " does " + operation + " within a transaction");
        }
    }
}
