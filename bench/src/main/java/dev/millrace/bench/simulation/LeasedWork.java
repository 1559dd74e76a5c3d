package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.LeaseRow;
import dev.millrace.lake.Activity;
import dev.millrace.lake.RunOutcome;
import java.util.Optional;
import java.util.function.Function;

/** Somebody who works under a lease, as {@link dev.millrace.lake.LeasedRun} does. */
abstract class LeasedWork extends Actor {
    private static final int WRONG_GUESS_IN = 40;

    private final Activity activity;
    private Optional<CommitLoop<?>> loop = Optional.empty();
    private Optional<LeaseRow> lease = Optional.empty();
    private String run = "";
    private boolean isEnding;

    LeasedWork(World world, String name, String host, int runs, Activity activity) {
        super(world, name, host, runs);
        this.activity = activity;
    }

    /** What a begin of a run has come to; the lease is absent when another one holds it. */
    private record Begun(Optional<LeaseRow> lease) {}

    final String run() {
        return run;
    }

    final LeaseRow lease() {
        return lease.orElseThrow();
    }

    /** How the last run ended; absent when it had nothing to do or ended without a record. */
    Optional<RunOutcome> ended() {
        return Optional.ofNullable(world.catalog.newest().runs().get(run));
    }

    @Override
    void died() {
        loop = Optional.empty();
        lease = Optional.empty();
        isEnding = false;
    }

    @Override
    final Step<?> failed(Failure failure) {
        if (failure.kind() == Failure.Kind.UNKNOWN) {
            unknownOutcome();
        }
        if (loop.isPresent()) {
            try {
                return loop.orElseThrow().failed(failure);
            } catch (Failure e) {
                loop = Optional.empty();
                return endAfter(e);
            }
        }
        return endAfter(failure);
    }

    private Step<?> endAfter(Failure failure) {
        closed();
        if (isEnding || lease.isEmpty()) {
            died();
            return Step.END;
        }
        isEnding = true;
        world.note(() -> name + " ends: " + failure.getMessage());
        if (failure.kind() == Failure.Kind.FENCED) {
            LeaseRow row = world.catalog.newest().leases().get(activity);
            world.oracle.fenced(run, row.run().equals(Optional.of(run)));
            return end(RunOutcome.FENCED);
        }
        return after(failure).orElseGet(() -> end(RunOutcome.FAILED));
    }

    /** What comes before the record of the end after a failure, if anything does; it leads to {@link #end}. */
    Optional<Step<?>> after(Failure failure) {
        return Optional.empty();
    }

    /** The failure was repaired. */
    final void goesOn() {
        isEnding = false;
    }

    /** A COMMIT was not answered. */
    void unknownOutcome() {}

    final <T> Step<?> transact(
            CommitLoop.Body<T> body, Function<CatalogState, Optional<T>> readBack, Function<T, Step<?>> done) {
        CommitLoop<T> next = new CommitLoop<>(this, body, readBack, value -> {
            loop = Optional.empty();
            return done.apply(value);
        });
        loop = Optional.of(next);
        return next.begin();
    }

    /** Takes the lease, or ends. */
    final Step<?> take(java.util.function.Supplier<Step<?>> then) {
        run = name + "#" + world.newNumber();
        return this.<Begun>transact(
                (transaction, commit) -> {
                    LeaseRow seen = transaction.view().leases().get(activity);
                    if (world.has(Protection.OWN_LEASE_FOUND) && seen.run().equals(Optional.of(run))) {
                        return commit.apply(new Begun(Optional.of(seen)));
                    }
                    if (!isFree(seen)) {
                        world.oracle.heldBy(run, seen.run().orElse(""));
                        return commit.apply(new Begun(Optional.empty()));
                    }
                    return takeLease(transaction, seen, taken -> commit.apply(new Begun(Optional.of(taken))));
                },
                state -> Optional.of(state.leases().get(activity))
                        .filter(row -> row.run().equals(Optional.of(run)))
                        .map(row -> new Begun(Optional.of(row))),
                begun -> {
                    if (begun.lease().isEmpty()) {
                        world.tally.add(Event.HELD_BY_ANOTHER);
                        died();
                        return Step.END;
                    }
                    lease = begun.lease();
                    return then.get();
                });
    }

    private boolean isFree(LeaseRow seen) {
        if (seen.holder().isEmpty()) {
            return true;
        }
        ModelProcess holder = seen.holder().orElseThrow();
        if (world.has(Protection.DEAD_HOLDER_CHECK)
                && world.isKnownDead(holder, process().host())) {
            world.tally.add(Event.DEAD_HOLDERS_FOUND);
            return true;
        }
        if (world.isFaulty() && holder.host().equals(process().host()) && world.random.nextInt(WRONG_GUESS_IN) == 0) {
            world.tally.add(Event.WRONGLY_TAKEN_FOR_DEAD);
            return true;
        }
        if (seen.expiresAt() <= now()) {
            world.tally.add(Event.EXPIRED_LEASES_TAKEN);
            return true;
        }
        return !world.has(Protection.LEASE);
    }

    private Step<?> takeLease(ModelTransaction transaction, LeaseRow seen, Function<LeaseRow, Step<?>> then) {
        return Step.of(
                Operation.TAKE_LEASE,
                () -> {
                    long now = now();
                    LeaseRow row = transaction.view().leases().get(activity);
                    if (row.token() != seen.token()) {
                        throw new Failure(Failure.Kind.FENCED, "the lease was taken by another");
                    }
                    LeaseRow taken = seen.taken(
                            process(),
                            run,
                            now,
                            now + world.settings.times().lease(),
                            seen.holder().isPresent() ? seen.deaths() + 1 : 0);
                    transaction.updateLease(activity, taken);
                    seen.run().ifPresent(died -> {
                        if (transaction.view().runs().get(died) == RunOutcome.RUNNING) {
                            transaction.updateRun(died, RunOutcome.DIED);
                        }
                    });
                    transaction.insertRun(run);
                    return taken;
                },
                then);
    }

    /** The first statement of each transaction under the lease. */
    final Step<?> raiseToken(ModelTransaction transaction, Function<LeaseRow, Step<?>> then) {
        return Step.of(
                Operation.RAISE_TOKEN,
                () -> {
                    if (!world.has(Protection.TOKEN)) {
                        return lease();
                    }
                    LeaseRow row = transaction.view().leases().get(activity);
                    if (row.token() != lease().token()) {
                        throw new Failure(Failure.Kind.FENCED, "token " + lease().token() + " is outdated");
                    }
                    LeaseRow raised = row.raised(now() + world.settings.times().lease());
                    transaction.updateLease(activity, raised);
                    return raised;
                },
                then);
    }

    final void raised(LeaseRow row) {
        lease = Optional.of(row);
    }

    /** Of a transaction that is found to have committed. */
    final LeaseRow reread(CatalogState state) {
        LeaseRow row = state.leases().get(activity);
        if (!row.run().equals(Optional.of(run))) {
            throw new Failure(Failure.Kind.FENCED, "the lease was taken by another since");
        }
        return row;
    }

    final Step<?> end(RunOutcome outcome) {
        return this.<Boolean>transact(
                (transaction, commit) -> outcome == RunOutcome.FENCED
                        ? endRun(transaction, outcome, commit)
                        : release(transaction, () -> endRun(transaction, outcome, commit)),
                state -> Optional.of(true).filter(yes -> state.runs().get(run) == outcome),
                done -> {
                    world.tally.add(
                            switch (outcome) {
                                case SUCCEEDED -> Event.SUCCEEDED_RUNS;
                                case FENCED -> Event.FENCED_RUNS;
                                default -> Event.FAILED_RUNS;
                            });
                    died();
                    return Step.END;
                });
    }

    private Step<?> endRun(ModelTransaction transaction, RunOutcome outcome, Function<Boolean, Step<?>> commit) {
        transaction.updateRun(run, outcome);
        return commit.apply(true);
    }

    private Step<?> release(ModelTransaction transaction, java.util.function.Supplier<Step<?>> then) {
        return Step.of(
                Operation.RELEASE_LEASE,
                () -> {
                    LeaseRow row = transaction.view().leases().get(activity);
                    if (world.has(Protection.TOKEN) && row.token() != lease().token()) {
                        throw new Failure(Failure.Kind.FENCED, "token " + lease().token() + " is outdated");
                    }
                    transaction.updateLease(activity, row.released());
                },
                then);
    }
}
