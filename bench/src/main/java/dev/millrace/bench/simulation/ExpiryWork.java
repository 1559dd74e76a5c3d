package dev.millrace.bench.simulation;

import dev.millrace.lake.Activity;
import java.util.List;
import java.util.Optional;

/** The cleaner of the lake: forgets old snapshots, then deletes files that no snapshot has needed for long enough. No lease. */
final class ExpiryWork extends LeasedWork {
    ExpiryWork(World world, String name, String host, int runs) {
        super(world, name, host, runs, Activity.COMPACT);
    }

    /** How many of each would go now. */
    private record Due(int snapshots, int files) {}

    @Override
    boolean mayHaveAnyTime() {
        return false;
    }

    @Override
    int longestRest() {
        return 90;
    }

    @Override
    Step<?> start() {
        return Step.of(Operation.LOOK, this::due, due -> due.snapshots() > 0 ? expire(due) : clean(due));
    }

    private Due due() {
        return new Due(
                world.catalog.snapshotsBefore(keepFrom()).size(),
                world.catalog.unneededSince(graceFrom()).size());
    }

    private Step<?> expire(Due due) {
        return this.<Boolean>transact(
                (transaction, commit) ->
                        Step.of(Operation.EXPIRE, () -> transaction.expire(keepFrom()), () -> commit.apply(true)),
                state -> due().snapshots() == 0 ? Optional.of(true) : Optional.empty(),
                done -> clean(due));
    }

    private Step<?> clean(Due due) {
        return due.files() == 0
                ? Step.END
                : Step.of(Operation.CLEAN, () -> world.catalog.unneededSince(graceFrom()), files -> delete(files, 0));
    }

    private Step<?> delete(List<String> files, int from) {
        if (from == files.size()) {
            return Step.of(Operation.LOOK, () -> world.catalog.deleted(files), () -> Step.END);
        }
        return Step.of(
                Operation.DELETE_LAKE_FILE,
                () -> {
                    world.deleteLakeFiles(files.get(from));
                    world.tally.add(Event.CLEANED_FILES);
                },
                () -> delete(files, from + 1));
    }

    private long keepFrom() {
        return world.has(Protection.SNAPSHOT_RETENTION)
                ? now() - world.settings.times().keepSnapshots()
                : now();
    }

    private long graceFrom() {
        return world.has(Protection.CLEAN_GRACE)
                ? now() - world.settings.times().grace()
                : now();
    }
}
