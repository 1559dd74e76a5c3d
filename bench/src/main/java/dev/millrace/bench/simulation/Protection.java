package dev.millrace.bench.simulation;

/** What stands between a fault and a broken promise; the simulation can be run without any of them. */
enum Protection {
    /** Each transaction of a run updates the lease row it holds, and finds its own token in it. */
    TOKEN,
    /** The ledger is subtracted once more when the lease is held. */
    LEDGER_CHECK_UNDER_LEASE,
    /** Lake files and ledger rows come with one commit. */
    LEDGER_IN_SAME_TRANSACTION,
    /** After a COMMIT without a clear answer the lake is asked whether it has happened. */
    READ_BACK_AFTER_UNKNOWN,
    /** Written lake files stay, whatever becomes of their transaction. */
    NEVER_DELETE_ON_UNKNOWN,
    /** Lake files stand in the store before a transaction names them. */
    FILES_BEFORE_COMMIT,
    /** Every writing of lake files gives them names that were never used. */
    FRESH_LAKE_FILE_NAMES,
    /** A file that can't be read is left alone while it is young. */
    SETTLE_AGE,
    /** A loaded staged file stays for some time. */
    RETAIN_STAGED,
    /** The sweep deletes what the ledger calls loaded, nothing else. */
    SWEEP_ONLY_LOADED,
    /** The ledger knows a file after its staged file was deleted. */
    LEDGER_OUTLIVES_STAGED_FILE,
    /** A put never takes the place of another object. */
    PUT_IF_ABSENT,
    /** A put without an answer is repeated under the same key. */
    RETRY_UNDER_SAME_KEY,
    /** A producer says that rows are staged when the put has succeeded. */
    ACKNOWLEDGE_AFTER_PUT,
    /** A key that a listing shows twice is one waiting file. */
    EACH_LISTED_KEY_ONCE,
    /** A snapshot is forgotten when it is old enough. */
    SNAPSHOT_RETENTION,
    /** A file is deleted some time after the last snapshot that names it was forgotten. */
    CLEAN_GRACE,
    /** The planned rows of a merge are those that were written. */
    WRITTEN_ROWS_CHECK,
    /** The planned rows of a merge are those that its transaction ends. */
    END_EXACTLY_PLANNED_ROWS,
    /** The rows of the merged files, counted inside of the exchange, are those that ended. */
    ROW_COUNT_CHECK,
    /** A run that finds the lease its own, since an earlier try has taken it late, begins. */
    OWN_LEASE_FOUND,
    /** A lease that is held and has not expired is left to its holder. */
    LEASE,
    /** The lease of a process that is gone is taken at once. */
    DEAD_HOLDER_CHECK
}
