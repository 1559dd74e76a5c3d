package dev.millrace.storage;

import java.util.Locale;

/** What is done with a store, as {@link StoreListener}s are told. */
public enum StoreOperation {
    /** {@link ObjectStore#putIfAbsent}. */
    PUT,
    /** {@link ObjectStore#list} and {@link ObjectStore#folders}. */
    LIST,
    /** {@link ObjectStore#find}. */
    FIND,
    /** {@link ObjectStore#open}, until the stream is closed. */
    READ,
    /** {@link ObjectStore#copyIfAbsent}. */
    COPY,
    /** {@link ObjectStore#delete} and {@link ObjectStore#removeAbandonedPuts}. */
    DELETE;

    /** As metrics name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
