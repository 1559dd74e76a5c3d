package dev.millrace.bench.kills;

/** The two ways to run the pipeline. */
public enum Mode {
    /** Folders and a SQLite file. */
    EMBEDDED,
    /** MinIO and PostgreSQL. */
    SERVED
}
