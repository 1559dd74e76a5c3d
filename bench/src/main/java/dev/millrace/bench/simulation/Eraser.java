package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import java.util.List;

/** Somebody who deletes single rows of the dataset by SQL of their own. */
final class Eraser extends Actor {
    Eraser(World world, String name, String host, int runs) {
        super(world, name, host, runs);
    }

    @Override
    Step<?> start() {
        return Step.of(Operation.BEGIN, world.catalog::begin, transaction -> {
            opened(transaction);
            List<DataFile> files = transaction.view().files().values().stream()
                    .filter(file -> !file.live().isEmpty())
                    .toList();
            return files.isEmpty() ? ended() : erase(transaction, files.get(world.random.nextInt(files.size())));
        });
    }

    private Step<?> erase(ModelTransaction transaction, DataFile file) {
        int row = file.live().get(world.random.nextInt(file.live().size()));
        return Step.of(
                Operation.ERASE,
                () -> transaction.erase(file.path(), row),
                () -> Step.of(Operation.COMMIT, () -> world.commit(transaction), () -> {
                    world.tally.add(Event.ERASURES);
                    return ended();
                }));
    }

    private Step<?> ended() {
        closed();
        return Step.END;
    }

    @Override
    Step<?> failed(Failure failure) {
        return ended();
    }
}
