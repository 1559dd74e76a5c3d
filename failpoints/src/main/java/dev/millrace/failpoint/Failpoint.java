package dev.millrace.failpoint;

import java.util.ServiceLoader;

/**
 * A moment before or after a step that touches a store or the catalog. Safe for many threads.
 *
 * <p>Passing one costs nothing where no {@link FailpointListener} is on the class path: the listener is looked for once, and a
 * call of nothing is compiled away.
 */
public enum Failpoint {
    /** A producer, or the lake's data, gets an object. */
    BEFORE_PUT,
    AFTER_PUT,
    /** The object store copies an object into the lake by itself. */
    BEFORE_OBJECT_COPY,
    AFTER_OBJECT_COPY,
    /** One page of a listing is handed over. */
    BEFORE_LIST_PAGE,
    AFTER_LIST_PAGE,
    /** Objects are removed from a store. */
    BEFORE_DELETE,
    AFTER_DELETE,
    /** The engine writes lake files, which no snapshot names yet. */
    BEFORE_WRITE_LAKE_FILES,
    AFTER_WRITE_LAKE_FILES,
    /** A run takes the lease of a dataset. */
    BEFORE_TAKE_LEASE,
    AFTER_TAKE_LEASE,
    /** A transaction raises the token of its lease. */
    BEFORE_RAISE_TOKEN,
    AFTER_RAISE_TOKEN,
    /** A transaction registers lake files. */
    BEFORE_REGISTER,
    AFTER_REGISTER,
    /** A transaction inserts ledger rows, or changes those of refused files. */
    BEFORE_INSERT_LEDGER,
    AFTER_INSERT_LEDGER,
    /** A merge, a wider type or an upsert ends the files whose rows stand in others. */
    BEFORE_END_FILES,
    AFTER_END_FILES,
    /** Any of the pipeline's transactions commits. */
    BEFORE_COMMIT,
    AFTER_COMMIT,
    /** A run gives its lease back. */
    BEFORE_RELEASE_LEASE,
    AFTER_RELEASE_LEASE,
    /** Old snapshots are forgotten. */
    BEFORE_EXPIRE,
    AFTER_EXPIRE,
    /** Files that no snapshot needs are deleted from the lake. */
    BEFORE_CLEAN,
    AFTER_CLEAN;

    private static final FailpointListener LISTENER = listener();

    private static FailpointListener listener() {
        return ServiceLoader.load(FailpointListener.class, Failpoint.class.getClassLoader())
                .findFirst()
                .orElse(failpoint -> {});
    }

    /** Says that this thread is there. */
    public void pass() {
        LISTENER.passed(this);
    }
}
