package dev.millrace.cli.pipeline;

import dev.millrace.cli.config.StorageAddress;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.ObservedStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.S3Store;
import dev.millrace.storage.StoreListener;
import java.util.Map;

/** Opens object stores by their addresses; those on S3 share one connection. Safe for many threads. */
final class Stores implements AutoCloseable {
    private final S3Endpoint endpoint;
    private final Map<String, String> environment;
    private final StoreListener listener;
    private S3Connection connection;

    /**
     * @param environment where S3 keys are looked for first
     * @param listener is told of what is done with them
     */
    Stores(S3Endpoint endpoint, Map<String, String> environment, StoreListener listener) {
        this.endpoint = endpoint;
        this.environment = environment;
        this.listener = listener;
    }

    /** A store that has to be there. */
    ObjectStore open(StorageAddress address) {
        return observed(
                address instanceof StorageAddress.Directory directory
                        ? DirectoryStore.open(directory.path())
                        : s3((StorageAddress.S3Prefix) address));
    }

    /** A store whose folder is made where it is missing; a bucket has to be there. */
    ObjectStore create(StorageAddress address) {
        return observed(
                address instanceof StorageAddress.Directory directory
                        ? DirectoryStore.create(directory.path())
                        : s3((StorageAddress.S3Prefix) address));
    }

    private ObjectStore observed(ObjectStore store) {
        return ObservedStore.of(store, listener);
    }

    private ObjectStore s3(StorageAddress.S3Prefix address) {
        return new S3Store(s3(), address.bucket(), address.prefix());
    }

    /** The connection to S3, made at its first use. */
    synchronized S3Connection s3() {
        if (connection == null) {
            connection = S3Connection.open(endpoint, environment);
        }
        return connection;
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
