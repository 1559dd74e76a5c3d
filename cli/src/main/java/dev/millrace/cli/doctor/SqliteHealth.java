package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.LakeSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Looks at a SQLite catalog from inside: how long a session waits for another's commit, and whether the file is sound. */
final class SqliteHealth implements Check {
    static final String RESTORE =
            "stop ingest and compact, and restore the catalog from a backup: see 'Backup' in docs/operations.md";

    /** What can be read through in about a second. */
    private static final long MAX_CHECKED_BYTES = 256_000_000;

    private static final long MIN_BUSY_TIMEOUT_MILLIS = 5_000;

    private static final String BUSY_TIMEOUT = """
            FROM sqlite_query('__ducklake_metadata_lake', 'PRAGMA busy_timeout')
            """;
    private static final String QUICK_CHECK = """
            FROM sqlite_query('__ducklake_metadata_lake', 'PRAGMA quick_check(3)')
            """;

    private final Supplier<LakeSession> session;
    private final Path file;

    SqliteHealth(Supplier<LakeSession> session, Path file) {
        this.session = session;
        this.file = file;
    }

    @Override
    public Finding look() throws IOException {
        // Outside of a transaction of ours the engine has closed the file between preparing the statement and running
        // it.
        session.get().execute("BEGIN TRANSACTION");
        try {
            return lookInside();
        } finally {
            session.get().execute("ROLLBACK");
        }
    }

    private Finding lookInside() throws IOException {
        long busyTimeoutMillis = session.get().queryLong(BUSY_TIMEOUT);
        String waits = "waits up to " + busyTimeoutMillis / 1_000 + " s for another's commit";
        long bytes = Files.size(file);
        boolean isChecked = bytes <= MAX_CHECKED_BYTES;
        List<String> errors = isChecked
                ? session.get().query(QUICK_CHECK, row -> row.getString(1)).stream()
                        .filter(line -> !line.equals("ok"))
                        .toList()
                : List.of();
        if (!errors.isEmpty()) {
            return Finding.failed("the file is damaged: " + String.join(", ", errors), RESTORE);
        }
        return Finding.of(
                busyTimeoutMillis < MIN_BUSY_TIMEOUT_MILLIS ? Status.WARNING : Status.OK,
                waits
                        + (isChecked
                                ? ", quick check ok"
                                : ", not checked through: more than " + Quantity.bytes(MAX_CHECKED_BYTES)),
                "use this build's own commands: they wait longer");
    }
}
