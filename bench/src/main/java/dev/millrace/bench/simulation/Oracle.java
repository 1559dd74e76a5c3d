package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import dev.millrace.bench.simulation.CatalogState.LedgerRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Knows what was promised, and checks what must always hold wherever it could have been broken. */
final class Oracle {
    private final World world;
    private final Map<String, Content> acknowledged = new LinkedHashMap<>();
    private final Set<Integer> erased = new HashSet<>();

    Oracle(World world) {
        this.world = world;
    }

    /** A producer was told that its file is staged. */
    void acknowledge(String key, Content content) {
        acknowledged.put(key, content);
        world.tally.add(Event.ACKNOWLEDGED_FILES);
    }

    void erased(int row) {
        erased.add(row);
    }

    /** After a commit: the lake holds the rows of the files that the ledger calls loaded, each once, and nothing else. */
    void committed(CatalogState before, CatalogState after) {
        if (before.files().equals(after.files())
                && before.ledger().size() == after.ledger().size()) {
            return;
        }
        for (DataFile file : after.files().values()) {
            if (!before.files().containsKey(file.path())) {
                requireStored(file, "was registered");
            }
        }
        requireLakeIsLedger(after);
    }

    private void requireLakeIsLedger(CatalogState state) {
        Map<Integer, String> rows = new HashMap<>();
        for (DataFile file : state.files().values()) {
            for (Integer row : file.live()) {
                String other = rows.put(row, file.path());
                require(
                        other == null,
                        () -> "row " + row + " is in the lake twice: in " + other + " and " + file.path());
                require(!erased.contains(row), () -> "row " + row + ", which was erased, is in " + file.path());
            }
        }
        Set<String> keys = new HashSet<>();
        int expected = 0;
        for (LedgerRow decided : state.ledger()) {
            require(keys.add(decided.key()), () -> "the ledger has " + decided.key() + " twice");
            for (Integer row : decided.rows()) {
                if (!erased.contains(row)) {
                    expected++;
                    require(
                            rows.containsKey(row),
                            () -> "row " + row + " of " + decided.key() + ", which the ledger calls loaded, is lost");
                }
            }
            Content promised = acknowledged.get(decided.key());
            require(
                    !decided.loaded() || promised == null || promised.rows().equals(decided.rows()),
                    () -> decided.key() + " was loaded with other rows than were staged");
        }
        int found = expected;
        require(
                rows.size() == found,
                () -> rows.size() + " rows are in the lake, and " + found
                        + " in the files that the ledger calls loaded");
    }

    private void requireStored(DataFile file, String what) {
        require(
                world.lakeData
                        .find(file.path())
                        .filter(stored -> stored.content().bytes() == file.bytes())
                        .isPresent(),
                () -> "lake file " + file.path() + " " + what + " and does not stand in the store with its size");
    }

    /** Before an object of the staging area is deleted. */
    void deletingStaged(String key, long retainStaged) {
        if (!world.staging.contains(key)) {
            return;
        }
        List<LedgerRow> rows = world.catalog.newest().ledger().stream()
                .filter(row -> row.key().equals(key))
                .toList();
        require(
                rows.stream().anyMatch(LedgerRow::loaded),
                () -> key + ", which was not loaded, is deleted from staging");
        long youngest = world.time() - retainStaged + world.settings.times().clockError();
        require(
                rows.stream().anyMatch(row -> row.decidedAt() <= youngest),
                () -> key + " is deleted from staging before its time");
    }

    /** Before a lake file is deleted. */
    void deletingLakeFile(String path) {
        require(!world.catalog.isNamed(path), () -> "lake file " + path + ", which a snapshot names, is deleted");
    }

    /** A file is refused that could not be read. */
    void refusing(String key, long age, long clockOffset) {
        require(
                clockOffset > 0 || age >= world.settings.times().settle(),
                () -> key + " is refused at the age of " + age + " s, before it had settled");
    }

    /** A run calls itself fenced. */
    void fenced(String run, boolean leaseIsItsOwn) {
        require(!leaseIsItsOwn, () -> "run " + run + " says that another holder took its lease, and nobody did");
    }

    /** A run says who holds the lease. */
    void heldBy(String run, String holder) {
        require(!run.equals(holder), () -> "run " + run + " leaves its lease to itself");
    }

    /** At the end, when nothing is on its way any more: nothing waits, nothing is lost. */
    void allIsDone() {
        CatalogState state = world.catalog.newest();
        requireLakeIsLedger(state);
        Set<String> decided = new HashSet<>();
        state.ledger().forEach(row -> decided.add(row.key()));
        acknowledged.forEach((key, content) -> require(
                decided.contains(key),
                () -> key + " was acknowledged and is neither loaded nor in quarantine"
                        + (world.staging.contains(key) ? ", it waits for ever" : " nor in staging")));
        for (CatalogState snapshot : world.catalog.snapshots()) {
            snapshot.files()
                    .values()
                    .forEach(file -> requireStored(file, "is named by snapshot " + snapshot.version()));
        }
    }

    private static void require(boolean holds, java.util.function.Supplier<String> message) {
        if (!holds) {
            throw new Violation(message.get());
        }
    }
}
