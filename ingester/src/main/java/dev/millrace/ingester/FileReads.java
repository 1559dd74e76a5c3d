package dev.millrace.ingester;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LedgerEntry.Quarantine;
import dev.millrace.storage.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Staged files that this process reads by itself, several at once: most of the time of a read is spent waiting for a store. */
final class FileReads {
    private static final int READERS = 8;

    private FileReads() {}

    /**
     * Judges files, each once.
     *
     * @param judge safe to use from several threads
     * @return the verdicts of those that are refused, by key
     * @throws StorageException when one can't be read
     */
    static Map<String, Quarantine> refused(
            List<StagedObject> files, Function<StagedObject, Optional<Quarantine>> judge) {
        Map<String, Quarantine> refused = new ConcurrentHashMap<>();
        if (files.isEmpty()) {
            return refused;
        }
        ExecutorService readers = Executors.newFixedThreadPool(Math.min(READERS, files.size()));
        try {
            List<Future<?>> reads = files.stream()
                    .<Future<?>>map(file -> readers.submit(
                            () -> judge.apply(file).ifPresent(verdict -> refused.put(file.key(), verdict))))
                    .toList();
            reads.forEach(FileReads::await);
        } finally {
            readers.shutdownNow();
        }
        return refused;
    }

    private static void await(Future<?> read) {
        try {
            read.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException("reading staged files was interrupted; nothing was changed", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StorageException failure
                    ? failure
                    : new IllegalStateException("a staged file could not be judged", e.getCause());
        }
    }
}
