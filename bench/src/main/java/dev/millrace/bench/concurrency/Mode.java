package dev.millrace.bench.concurrency;

import java.util.Locale;

/** Which kinds of store and catalog a run uses. */
enum Mode {
    /** Directories and a SQLite catalog. */
    EMBEDDED,
    /** MinIO and a PostgreSQL catalog, started for the run. */
    SERVED;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
