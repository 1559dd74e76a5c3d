package dev.millrace.bench.simulation;

import dev.millrace.lake.Activity;
import dev.millrace.lake.RunOutcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the catalog holds at one moment; never changed, each change gives another one. */
record CatalogState(
        long version,
        long time,
        Map<String, DataFile> files,
        List<LedgerRow> ledger,
        Map<Activity, LeaseRow> leases,
        Map<String, RunOutcome> runs) {

    /** A lake file; {@code live} are those of its rows that were not erased, {@code bytes} is its size. */
    record DataFile(String path, String partition, List<Integer> live, long bytes) {
        DataFile without(int row) {
            return new DataFile(
                    path, partition, live.stream().filter(r -> r != row).toList(), bytes);
        }
    }

    /** What became of a staged file; {@code rows} are those that came into the lake, none when it was quarantined. */
    record LedgerRow(String key, boolean loaded, List<Integer> rows, String batch, String run, long decidedAt) {}

    /** The row of a lease; holder and run are absent when nobody holds it. */
    record LeaseRow(
            long token, Optional<ModelProcess> holder, Optional<String> run, long takenAt, long expiresAt, int deaths) {
        static final LeaseRow FREE = new LeaseRow(0, Optional.empty(), Optional.empty(), 0, 0, 0);

        LeaseRow taken(ModelProcess by, String newRun, long from, long until, int newDeaths) {
            return new LeaseRow(token + 1, Optional.of(by), Optional.of(newRun), from, until, newDeaths);
        }

        LeaseRow raised(long until) {
            return new LeaseRow(token + 1, holder, run, takenAt, until, 0);
        }

        LeaseRow released() {
            return new LeaseRow(token + 1, Optional.empty(), Optional.empty(), 0, 0, 0);
        }
    }

    static CatalogState empty() {
        Map<Activity, LeaseRow> leases = new EnumMap<>(Activity.class);
        for (Activity activity : Activity.values()) {
            leases.put(activity, LeaseRow.FREE);
        }
        return new CatalogState(0, 0, Map.of(), List.of(), leases, Map.of());
    }

    CatalogState committed(long newVersion, long now) {
        return new CatalogState(newVersion, now, files, ledger, leases, runs);
    }

    CatalogState withFiles(List<DataFile> added) {
        Map<String, DataFile> changed = new LinkedHashMap<>(files);
        added.forEach(file -> changed.put(file.path(), file));
        return new CatalogState(version, time, changed, ledger, leases, runs);
    }

    CatalogState withoutFiles(Set<String> ended) {
        Map<String, DataFile> changed = new LinkedHashMap<>(files);
        changed.keySet().removeAll(ended);
        return new CatalogState(version, time, changed, ledger, leases, runs);
    }

    /** A row that is not there any more stays away. */
    CatalogState withoutRow(String path, int row) {
        DataFile file = files.get(path);
        if (file == null) {
            return this;
        }
        Map<String, DataFile> changed = new LinkedHashMap<>(files);
        changed.put(path, file.without(row));
        return new CatalogState(version, time, changed, ledger, leases, runs);
    }

    CatalogState withLedger(List<LedgerRow> added) {
        List<LedgerRow> changed = new ArrayList<>(ledger);
        changed.addAll(added);
        return new CatalogState(version, time, files, changed, leases, runs);
    }

    CatalogState withoutLedger(Set<String> keys) {
        List<LedgerRow> changed = new ArrayList<>(ledger);
        changed.removeIf(row -> keys.contains(row.key()));
        return new CatalogState(version, time, files, changed, leases, runs);
    }

    CatalogState withLease(Activity activity, LeaseRow row) {
        Map<Activity, LeaseRow> changed = new EnumMap<>(leases);
        changed.put(activity, row);
        return new CatalogState(version, time, files, ledger, changed, runs);
    }

    CatalogState withRun(String run, RunOutcome outcome) {
        Map<String, RunOutcome> changed = new LinkedHashMap<>(runs);
        changed.put(run, outcome);
        return new CatalogState(version, time, files, ledger, leases, changed);
    }

    boolean hasBatch(String batch) {
        for (LedgerRow row : ledger) {
            if (row.batch().equals(batch)) {
                return true;
            }
        }
        return false;
    }

    long rows() {
        long rows = 0;
        for (DataFile file : files.values()) {
            rows += file.live().size();
        }
        return rows;
    }
}
