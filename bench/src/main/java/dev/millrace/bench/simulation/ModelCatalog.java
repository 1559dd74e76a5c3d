package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.CatalogState.DataFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The catalog in memory: snapshots, conflicts, the files that wait for their deletion. */
final class ModelCatalog {
    private final Isolation isolation;
    private final NavigableMap<Long, CatalogState> snapshots = new TreeMap<>();
    private final NavigableMap<Long, ModelTransaction.Footprint> footprints = new TreeMap<>();
    private final Map<String, Long> scheduledForDeletion = new LinkedHashMap<>();
    private final Set<String> steps = new HashSet<>();
    private CatalogState newest = CatalogState.empty();

    ModelCatalog(Isolation isolation) {
        this.isolation = isolation;
        snapshots.put(0L, newest);
    }

    Isolation isolation() {
        return isolation;
    }

    CatalogState newest() {
        return newest;
    }

    /** A snapshot, unless it was forgotten. */
    Optional<CatalogState> snapshot(long version) {
        return Optional.ofNullable(snapshots.get(version));
    }

    List<CatalogState> snapshots() {
        return List.copyOf(snapshots.values());
    }

    /** Whether the step table has a step of a compaction. */
    boolean hasStep(String step) {
        return steps.contains(step);
    }

    ModelTransaction begin() {
        return new ModelTransaction(this, newest);
    }

    /** Makes a snapshot of it, or fails with a conflict; one that changes nothing makes none. */
    void commit(ModelTransaction transaction, long now) {
        if (transaction.changesNothing() && transaction.expiresBefore().isEmpty()) {
            return;
        }
        long base = transaction.base().version();
        boolean refused = isolation == Isolation.EMBEDDED
                ? newest.version() != base
                : footprints.tailMap(base, false).values().stream().anyMatch(transaction.footprint()::conflictsWith);
        if (refused) {
            throw new Failure(Failure.Kind.CONFLICT, "another transaction was first");
        }
        transaction.expiresBefore().ifPresent(before -> expire(before, now));
        if (transaction.changesNothing()) {
            return;
        }
        newest = transaction.applyTo(newest).committed(newest.version() + 1, now);
        snapshots.put(newest.version(), newest);
        transaction.step().ifPresent(steps::add);
        footprints.put(newest.version(), transaction.footprint());
    }

    /** The versions besides the newest that are older than an instant. */
    List<Long> snapshotsBefore(long instant) {
        List<Long> versions = new ArrayList<>();
        for (CatalogState state : snapshots.values()) {
            if (state.version() != newest.version() && state.time() < instant) {
                versions.add(state.version());
            }
        }
        return versions;
    }

    /** Forgets snapshots; files that no other one names are put on the list of files to delete. */
    private void expire(long before, long now) {
        List<Long> versions = snapshotsBefore(before);
        List<CatalogState> forgotten = versions.stream().map(snapshots::remove).toList();
        for (CatalogState state : forgotten) {
            for (DataFile file : state.files().values()) {
                if (!isNamed(file.path())) {
                    scheduledForDeletion.putIfAbsent(file.path(), now);
                }
            }
        }
    }

    boolean isNamed(String path) {
        for (CatalogState state : snapshots.values()) {
            if (state.files().containsKey(path)) {
                return true;
            }
        }
        return false;
    }

    /** The files that wait for their deletion since before an instant. */
    List<String> unneededSince(long before) {
        List<String> due = new ArrayList<>();
        scheduledForDeletion.forEach((path, since) -> {
            if (since < before) {
                due.add(path);
            }
        });
        return due;
    }

    void deleted(List<String> paths) {
        paths.forEach(scheduledForDeletion::remove);
    }
}
