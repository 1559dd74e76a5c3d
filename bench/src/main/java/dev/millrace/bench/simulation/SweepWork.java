package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.LedgerRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The cleaner of the staging area: deletes what the ledger has called loaded for long enough. No lease. */
final class SweepWork extends Actor implements Lister {
    private final Listing listing;

    SweepWork(World world, String name, String host, int runs) {
        super(world, name, host, runs);
        this.listing = new Listing(world);
    }

    @Override
    public Listing listing() {
        return listing;
    }

    @Override
    boolean mayHaveAnyTime() {
        return false;
    }

    @Override
    int longestRest() {
        return 80;
    }

    @Override
    Step<?> start() {
        return listing.list(() -> Step.of(Operation.LOOK, world.catalog::newest, state -> sweep(due(state))));
    }

    private List<String> due(CatalogState state) {
        long before = world.has(Protection.RETAIN_STAGED)
                ? now() - world.settings.times().retainStaged()
                : Long.MAX_VALUE;
        Set<String> listed = new LinkedHashSet<>();
        listing.all().forEach(object -> listed.add(object.key()));
        if (!world.has(Protection.SWEEP_ONLY_LOADED)) {
            return listing.all().stream()
                    .filter(object -> object.modifiedAt() < before)
                    .map(StoredContent::key)
                    .toList();
        }
        return state.ledger().stream()
                .filter(row -> row.loaded() && row.decidedAt() < before)
                .map(LedgerRow::key)
                .filter(listed::contains)
                .toList();
    }

    private Step<?> sweep(List<String> keys) {
        if (keys.isEmpty()) {
            return Step.END;
        }
        return Step.of(
                Operation.DELETE,
                () -> keys.forEach(this::delete),
                () -> world.has(Protection.LEDGER_OUTLIVES_STAGED_FILE) ? Step.END : forget(keys));
    }

    private void delete(String key) {
        world.oracle.deletingStaged(key, world.settings.times().retainStaged());
        if (world.staging.contains(key)) {
            world.tally.add(Event.SWEPT_FILES);
        }
        world.staging.delete(key);
    }

    private Step<?> forget(List<String> keys) {
        return Step.of(Operation.BEGIN, world.catalog::begin, transaction -> {
            transaction.deleteLedger(Set.copyOf(keys));
            return Step.of(Operation.COMMIT, () -> world.commit(transaction), () -> Step.END);
        });
    }

    @Override
    Step<?> failed(Failure failure) {
        return Step.END;
    }
}
