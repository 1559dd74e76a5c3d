package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import dev.millrace.bench.simulation.CatalogState.LeaseRow;
import dev.millrace.bench.simulation.CatalogState.LedgerRow;
import dev.millrace.lake.Activity;
import dev.millrace.lake.RunOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A transaction of the catalog model: sees its own changes, and others' as the isolation lets it. */
final class ModelTransaction {
    private final ModelCatalog catalog;
    private final CatalogState base;
    private final List<UnaryOperator<CatalogState>> changes = new ArrayList<>();
    private final Footprint footprint = new Footprint();
    private final List<Integer> erased = new ArrayList<>();
    private Optional<String> step = Optional.empty();
    private OptionalLong expiresBefore = OptionalLong.empty();
    private CatalogState view;
    private long viewOf;

    /** What a transaction has touched: the grounds for a conflict. */
    static final class Footprint {
        boolean leases;
        boolean runs;
        boolean registers;
        final Set<String> deletesFrom = new HashSet<>();

        boolean conflictsWith(Footprint earlier) {
            if ((leases && earlier.leases)
                    || (runs && earlier.runs)
                    || (registers && !earlier.deletesFrom.isEmpty())
                    || (!deletesFrom.isEmpty() && earlier.registers)) {
                return true;
            }
            for (String path : deletesFrom) {
                if (earlier.deletesFrom.contains(path)) {
                    return true;
                }
            }
            return false;
        }
    }

    ModelTransaction(ModelCatalog catalog, CatalogState base) {
        this.catalog = catalog;
        this.base = base;
        this.view = base;
        this.viewOf = base.version();
    }

    CatalogState base() {
        return base;
    }

    Footprint footprint() {
        return footprint;
    }

    boolean changesNothing() {
        return changes.isEmpty();
    }

    OptionalLong expiresBefore() {
        return expiresBefore;
    }

    /** The step of a compaction that it records. */
    Optional<String> step() {
        return step;
    }

    void insertStep(String id) {
        step = Optional.of(id);
    }

    List<Integer> erased() {
        return erased;
    }

    CatalogState view() {
        CatalogState newest = catalog.newest();
        if (catalog.isolation() == Isolation.EMBEDDED && newest.version() != viewOf) {
            viewOf = newest.version();
            view = applyTo(newest);
        }
        return view;
    }

    CatalogState applyTo(CatalogState state) {
        CatalogState changed = state;
        for (UnaryOperator<CatalogState> change : changes) {
            changed = change.apply(changed);
        }
        return changed;
    }

    void updateLease(Activity activity, LeaseRow row) {
        footprint.leases = true;
        change(state -> state.withLease(activity, row));
    }

    void updateRun(String run, RunOutcome outcome) {
        footprint.runs = true;
        change(state -> state.withRun(run, outcome));
    }

    void insertRun(String run) {
        change(state -> state.withRun(run, RunOutcome.RUNNING));
    }

    void register(List<DataFile> files) {
        footprint.registers = true;
        change(state -> state.withFiles(files));
    }

    /** Ends all rows of files; returns how many those are. */
    long end(Set<String> paths) {
        long rows = 0;
        for (String path : paths) {
            DataFile file = view().files().get(path);
            if (file != null) {
                rows += file.live().size();
                footprint.deletesFrom.add(path);
            }
        }
        change(state -> state.withoutFiles(paths));
        return rows;
    }

    void erase(String path, int row) {
        footprint.deletesFrom.add(path);
        erased.add(row);
        change(state -> state.withoutRow(path, row));
    }

    /** Forgets the snapshots before an instant, with the commit. */
    void expire(long before) {
        expiresBefore = OptionalLong.of(before);
    }

    void insertLedger(List<LedgerRow> rows) {
        change(state -> state.withLedger(rows));
    }

    void deleteLedger(Set<String> keys) {
        change(state -> state.withoutLedger(keys));
    }

    private void change(UnaryOperator<CatalogState> change) {
        CatalogState seen = view();
        changes.add(change);
        view = change.apply(seen);
    }
}
