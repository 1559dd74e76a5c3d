package dev.millrace.cli.doctor;

import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.PutOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    StoreProbe(Supplier<ObjectStore> opening) {
        this.opening = opening;
    }

    @Override
    public Finding look() throws Exception {
        return Denial.orFinding(() -> {
            ObjectStore store = opening.get();
            try {
                store.delete(List.of(KEY));
            } catch (RuntimeException e) {
                if (Denial.isIn(e)) {
                    store.tryPut(KEY);
                    return Finding.ok("an object was begun and given up: this user may write, and not remove");
                }
                throw e;
            }
            try {
                put(store);
            } finally {
                store.delete(List.of(KEY));
            }
            return Finding.ok("a probe was written and removed");
        });
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
}
