package dev.millrace.cli.doctor;

import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.PutOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a store can be written: puts a small object and removes it. For a user who may not remove, a put is begun and given up.
 *
 * <p>Its key is always the same, begins with {@code _}, which ingest passes over, and is removed before it is written: that finds
 * out whether this user may remove it, and takes away what a killed check has left. Several at once are no harm.
 */
final class StoreProbe implements Check {
    static final String KEY = "_millrace-doctor";

    private static final String CONTENT = "Written by 'millrace doctor', which removes it.\n";

    private final Supplier<ObjectStore> opening;
    private final Optional<Path> directory;
    private final Clock clock;

    /** @param directory where the store is one: over a network its server has a clock of its own, which dates the files */
    StoreProbe(Supplier<ObjectStore> opening, Optional<Path> directory, Clock clock) {
        this.opening = opening;
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Finding look() throws Exception {
        return Denial.orFinding(() -> {
            ObjectStore store = opening.get();
            if (!mayRemove(store)) {
                store.tryPut(KEY);
                return Finding.ok("an object was begun and given up: this user may write, and not remove");
            }
            try {
                boolean isNew = put(store) == PutOutcome.CREATED;
                return written(isNew ? aheadOfUs(store) : Optional.empty());
            } finally {
                store.delete(List.of(KEY));
            }
        });
    }

    private static boolean mayRemove(ObjectStore store) {
        try {
            store.delete(List.of(KEY));
            return true;
        } catch (RuntimeException e) {
            if (Denial.isIn(e)) {
                return false;
            }
            throw e;
        }
    }

    private static PutOutcome put(ObjectStore store) throws IOException {
        Path file = store.newSpoolFile(KEY);
        try {
            Files.writeString(file, CONTENT);
            return store.putIfAbsent(KEY, file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Optional<Duration> aheadOfUs(ObjectStore store) throws IOException {
        if (directory.isEmpty() || NetworkFileSystem.of(directory.orElseThrow()).isEmpty()) {
            return Optional.empty();
        }
        return store.find(KEY).map(probe -> Duration.between(clock.instant(), probe.modifiedAt()));
    }

    private static Finding written(Optional<Duration> ahead) {
        String written = "a probe was written and removed";
        return ahead.map(difference -> ClockVerdict.behind(written, difference, "the file server"))
                .orElseGet(() -> Finding.ok(written));
    }
}
