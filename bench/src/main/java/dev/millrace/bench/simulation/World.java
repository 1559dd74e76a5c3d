package dev.millrace.bench.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** All that the actors of one simulation share. Not thread-safe. */
final class World {
    /** When the world begins: none of its times is near to zero. */
    static final long BEGINNING = 1_000_000;

    final SplittableRandom random;
    final ModelSettings settings;
    final Set<Protection> missing;
    final ModelStore staging = new ModelStore();
    final ModelStore lakeData = new ModelStore();
    final ModelCatalog catalog;
    final Oracle oracle;
    final Tally tally = new Tally();
    private final List<String> trace = new ArrayList<>();
    private final Set<ModelProcess> processes = new HashSet<>();
    private final List<Late> late = new ArrayList<>();
    private final boolean traced;
    private long time = BEGINNING;
    private int lastNumber;
    private int lastPid;
    private boolean faulty;

    /** What was asked for and happens later than the one who asked believes. */
    private record Late(String what, Runnable effect) {}

    World(SplittableRandom random, ModelSettings settings, Set<Protection> missing, boolean traced) {
        this.random = random;
        this.settings = settings;
        this.missing = missing.isEmpty() ? EnumSet.noneOf(Protection.class) : EnumSet.copyOf(missing);
        this.catalog = new ModelCatalog(settings.isolation());
        this.oracle = new Oracle(this);
        this.traced = traced;
    }

    boolean has(Protection protection) {
        return !missing.contains(protection);
    }

    long time() {
        return time;
    }

    void advance(long seconds) {
        time += seconds;
    }

    /** A number that was never used. */
    int newNumber() {
        return ++lastNumber;
    }

    ModelProcess newProcess(String host) {
        ModelProcess process = new ModelProcess(host, ++lastPid);
        processes.add(process);
        return process;
    }

    void ended(ModelProcess process) {
        processes.remove(process);
    }

    /** What somebody on a host knows: of processes of other hosts nothing. */
    boolean isKnownDead(ModelProcess process, String onHost) {
        return process.host().equals(onHost) && !processes.contains(process);
    }

    /** Commits, unless another transaction was first, and checks what it has made. */
    void commit(ModelTransaction transaction) {
        CatalogState before = catalog.newest();
        int snapshots = catalog.snapshots().size();
        try {
            catalog.commit(transaction, time);
        } catch (Failure e) {
            tally.add(Event.CONFLICTS);
            throw e;
        }
        transaction.erased().forEach(oracle::erased);
        if (catalog.newest().version() != before.version()) {
            tally.add(Event.COMMITS);
        } else {
            tally.add(Event.EXPIRED_SNAPSHOTS, snapshots - catalog.snapshots().size());
        }
        oracle.committed(before, catalog.newest());
    }

    void writeLakeFile(CatalogState.DataFile file) {
        lakeData.write(file.path(), new Content(file.partition(), file.live(), true), time);
    }

    void deleteLakeFiles(String prefix) {
        lakeData.below(prefix).forEach(path -> {
            oracle.deletingLakeFile(path);
            lakeData.delete(path);
        });
    }

    /** Whether anything may go wrong now. */
    boolean isFaulty() {
        return faulty;
    }

    void setFaulty(boolean now) {
        faulty = now;
    }

    void later(String what, Runnable effect) {
        late.add(new Late(what, effect));
    }

    boolean hasLate() {
        return !late.isEmpty();
    }

    /** Lets something happen that somebody has given up waiting for; in any order. */
    void happenLate() {
        Late next = late.remove(random.nextInt(late.size()));
        note(() -> "late: " + next.what());
        try {
            next.effect().run();
            tally.add(Event.LATE_EFFECTS);
        } catch (Failure e) {
            note(() -> "  refused: " + e.getMessage());
        }
    }

    void note(Supplier<String> line) {
        if (traced) {
            trace.add(tally.of(Event.STEPS) + " t=" + (time - BEGINNING) + " " + line.get());
        }
    }

    List<String> trace() {
        return List.copyOf(trace);
    }
}
