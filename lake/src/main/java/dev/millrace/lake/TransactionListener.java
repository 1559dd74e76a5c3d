package dev.millrace.lake;

import java.time.Duration;

/** Is told of the transactions of runs, on the thread that runs them; quick, and safe for many threads where several run. */
public interface TransactionListener {
    /** Does nothing. */
    TransactionListener NONE = new TransactionListener() {};

    /**
     * A transaction that changes a dataset has committed.
     *
     * @param took from BEGIN to the answer to COMMIT, of the try that has committed
     */
    default void committed(Activity activity, Duration took) {}

    /** A try of a transaction has not committed, and another one follows. */
    default void retried(Activity activity) {}
}
