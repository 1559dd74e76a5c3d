package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.nio.file.Path;
import java.util.Optional;

/** Judges a SQLite catalog's file. */
final class SqliteVerdict {
    /** Far beyond where SQLite writes it back by itself: a reader has kept it from that for long. */
    private static final long WARN_WAL_BYTES = 256_000_000;

    /**
     * What can be seen from outside.
     *
     * @param walBytes size of the write-ahead log beside the file
     * @param isWritable whether this user may write both the file and its folder
     * @param networkFileSystem its type, when the file is on one
     */
    record Seen(
            Path file,
            boolean isSqlite,
            boolean isWal,
            long bytes,
            long walBytes,
            boolean isWritable,
            Optional<String> networkFileSystem) {}

    private SqliteVerdict() {}

    static Finding of(Seen seen) {
        if (!seen.isSqlite()) {
            return Finding.failed(
                    seen.file() + " is not a SQLite database",
                    "set lake.catalog to the lake's catalog; nothing was changed");
        }
        String text = seen.file() + ", " + Quantity.bytes(seen.bytes())
                + (seen.walBytes() > 0 ? " and " + Quantity.bytes(seen.walBytes()) + " of log" : "")
                + (seen.isWal() ? ", WAL mode" : ", not in WAL mode")
                + (seen.isWritable() ? "" : ", read only for this user");
        if (seen.networkFileSystem().isPresent()) {
            return Finding.warning(
                    text + ", on " + seen.networkFileSystem().orElseThrow(),
                    "move the catalog to a local disk: WAL mode does not work over a network file system");
        }
        if (!seen.isWal()) {
            return Finding.warning(
                    text,
                    "while nothing runs: sqlite3 " + seen.file()
                            + " 'PRAGMA journal_mode = wal'; without it readers and the writer lock each other out");
        }
        if (seen.walBytes() > WARN_WAL_BYTES) {
            return Finding.warning(
                    text, "end the readers that have been open for long: the log can't be written back beside them");
        }
        return Finding.ok(text);
    }
}
