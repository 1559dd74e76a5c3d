package dev.millrace.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Another store, of whose operations a listener is told. As thread-safe as that one. */
public final class ObservedStore implements ObjectStore {
    private final ObjectStore store;
    private final StoreListener listener;

    private ObservedStore(ObjectStore store, StoreListener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** The store with a listener; the store itself where the listener is {@link StoreListener#NONE}. */
    public static ObjectStore of(ObjectStore store, StoreListener listener) {
        return listener == StoreListener.NONE ? store : new ObservedStore(store, listener);
    }

    private <T> T observed(StoreOperation operation, long bytes, Supplier<T> work) {
        Watch watch = new Watch(operation);
        try {
            T result = work.get();
            watch.ended(true, bytes);
            return result;
        } catch (RuntimeException e) {
            watch.ended(false, 0);
            throw e;
        }
    }

    @Override
    public String root() {
        return store.root();
    }

    @Override
    public boolean verifiesContent() {
        return store.verifiesContent();
    }

    @Override
    public String address(String key) {
        return store.address(key);
    }

    @Override
    public Path newSpoolFile(String key) {
        return store.newSpoolFile(key);
    }

    @Override
    public PutOutcome putIfAbsent(String key, Path file) {
        // The file is gone afterwards.
        return observed(StoreOperation.PUT, size(file), () -> store.putIfAbsent(key, file));
    }

    /** Of one that is not there it is for the store to complain. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void tryPut(String key) {
        store.tryPut(key);
    }

    @Override
    public void list(String prefix, Consumer<List<StoredObject>> page) {
        Watch watch = new Watch(StoreOperation.LIST);
        try {
            store.list(prefix, objects -> watch.paused(() -> page.accept(objects)));
        } catch (RuntimeException e) {
            watch.ended(watch.isPaused(), 0);
            throw e;
        }
        watch.ended(true, 0);
    }

    @Override
    public List<String> folders() {
        return observed(StoreOperation.LIST, 0, store::folders);
    }

    @Override
    public Optional<StoredObject> find(String key) {
        return observed(StoreOperation.FIND, 0, () -> store.find(key));
    }

    @Override
    public InputStream open(String key) throws IOException {
        return open(() -> store.open(key));
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        return open(() -> store.open(key, offset));
    }

    private InputStream open(Opening opening) throws IOException {
        Watch watch = new Watch(StoreOperation.READ);
        try {
            return new ObservedStream(opening.open(), watch);
        } catch (IOException | RuntimeException e) {
            watch.ended(false, 0);
            throw e;
        }
    }

    @Override
    public PutOutcome copyIfAbsent(ObjectStore source, String sourceKey, String key) {
        // Stores that know each other copy without passing the content through this process.
        ObjectStore from = source instanceof ObservedStore observed ? observed.store : source;
        return observed(StoreOperation.COPY, 0, () -> store.copyIfAbsent(from, sourceKey, key));
    }

    @Override
    public void makeFolder(String prefix) {
        store.makeFolder(prefix);
    }

    @Override
    public void makeDurable(Collection<String> keys) {
        store.makeDurable(keys);
    }

    @Override
    public void delete(Collection<String> keys) {
        observed(StoreOperation.DELETE, 0, () -> {
            store.delete(keys);
            return keys;
        });
    }

    @Override
    public int removeAbandonedPuts(String prefix, Duration olderThan) {
        return observed(StoreOperation.DELETE, 0, () -> store.removeAbandonedPuts(prefix, olderThan));
    }

    @FunctionalInterface
    private interface Opening {
        InputStream open() throws IOException;
    }

    /** The time of one operation, told once. For one thread. */
    private final class Watch {
        private final StoreOperation operation;
        private long begun = System.nanoTime();
        private boolean isPaused;
        private boolean isTold;

        Watch(StoreOperation operation) {
            this.operation = operation;
        }

        /** What the caller does meanwhile is not the store's time. What it throws leaves the watch paused. */
        void paused(Runnable work) {
            long paused = System.nanoTime();
            isPaused = true;
            work.run();
            isPaused = false;
            begun += System.nanoTime() - paused;
        }

        boolean isPaused() {
            return isPaused;
        }

        void ended(boolean isSuccess, long bytes) {
            if (!isTold) {
                isTold = true;
                listener.ended(operation, isSuccess, Duration.ofNanos(System.nanoTime() - begun), bytes);
            }
        }
    }

    /** Counts what is read. For one thread, as any stream. */
    private static final class ObservedStream extends FilterInputStream {
        private final Watch watch;
        private boolean hasFailed;
        private long bytes;

        ObservedStream(InputStream stream, Watch watch) {
            super(stream);
            this.watch = watch;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int read = super.read(buffer, offset, length);
                bytes += Math.max(0, read);
                return read;
            } catch (IOException | RuntimeException e) {
                hasFailed = true;
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                watch.ended(!hasFailed, bytes);
            }
        }
    }
}
