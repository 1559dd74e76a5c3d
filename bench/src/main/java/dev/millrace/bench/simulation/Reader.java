package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An analyst: opens the newest snapshot, or one that was seen before and is young enough, and reads its files one after the
 * other. Whoever is not slower than the grace allows finds all of them.
 */
final class Reader extends Actor {
    private static final int LONGEST_PAUSE = 120;

    private final List<CatalogState> seen = new ArrayList<>();

    Reader(World world, String name, String host, int runs) {
        super(world, name, host, runs);
    }

    @Override
    int longestRest() {
        return 60;
    }

    @Override
    Step<?> start() {
        boolean travels = !seen.isEmpty() && world.random.nextInt(3) == 0;
        return travels ? travel(seen.get(world.random.nextInt(seen.size()))) : openNewest();
    }

    private Step<?> openNewest() {
        return Step.of(Operation.LOOK, world.catalog::newest, state -> {
            seen.add(state);
            return read(List.copyOf(state.files().values()), world.time());
        });
    }

    private Step<?> travel(CatalogState to) {
        return Step.of(Operation.LOOK, () -> world.catalog.snapshot(to.version()), found -> {
            long protectedFrom = world.time()
                    - world.settings.times().keepSnapshots()
                    + world.settings.times().clockError();
            if (found.isEmpty()) {
                if (to.time() > protectedFrom) {
                    throw new Violation("snapshot " + to.version() + " was forgotten " + (to.time() - protectedFrom)
                            + " s before its time");
                }
                seen.remove(to);
                return Step.END;
            }
            world.tally.add(Event.TIME_TRAVELS);
            return read(List.copyOf(to.files().values()), world.time());
        });
    }

    private Step<?> read(List<DataFile> files, long openedAt) {
        if (files.isEmpty()) {
            world.tally.add(Event.READS);
            return Step.END;
        }
        DataFile file = files.get(0);
        return Step.of(Operation.READ_FILE, () -> world.lakeData.find(file.path()), found -> {
            long protectedUntil = openedAt
                    + world.settings.times().grace()
                    - 2 * world.settings.times().clockError();
            if (found.isEmpty() && world.time() < protectedUntil) {
                throw new Violation("lake file " + file.path() + " is gone " + (world.time() - openedAt)
                        + " s after a reader opened a snapshot that names it");
            }
            if (found.isEmpty()) {
                world.tally.add(Event.READS_TOO_LATE);
                return Step.END;
            }
            sleep(world.random.nextInt(LONGEST_PAUSE));
            return read(files.subList(1, files.size()), openedAt);
        });
    }

    @Override
    Step<?> failed(Failure failure) {
        return Step.END;
    }

    /** What somebody else, who keeps no session, knows of a snapshot is as good as what it knew. */
    @Override
    void died() {
        Optional<CatalogState> last = seen.isEmpty() ? Optional.empty() : Optional.of(seen.get(seen.size() - 1));
        seen.clear();
        last.ifPresent(seen::add);
    }
}
