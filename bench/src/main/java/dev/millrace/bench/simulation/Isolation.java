package dev.millrace.bench.simulation;

/** When a catalog refuses a transaction, and what a running one sees. */
enum Isolation {
    /** SQLite: any commit since its beginning refuses a transaction that writes; a running one may see that commit. */
    EMBEDDED,
    /** PostgreSQL: one snapshot; refused is what has changed the same table of leases or runs, or the same files. */
    SERVED
}
