package dev.millrace.storage;

import java.time.Duration;

/**
 * Is told of each operation of an {@link ObservedStore} when it has ended, on the thread that has done it: quick and safe for many
 * threads.
 */
@FunctionalInterface
public interface StoreListener {
    /** Does nothing. */
    StoreListener NONE = (operation, isSuccess, took, bytes) -> {};

    /**
     * An operation has ended.
     *
     * @param isSuccess whether it ended without an exception; what a store repeats by itself is one operation
     * @param took with all repetitions, without the time that the caller has taken for the pages of a listing
     * @param bytes of content that were put or read
     */
    void ended(StoreOperation operation, boolean isSuccess, Duration took, long bytes);
}
