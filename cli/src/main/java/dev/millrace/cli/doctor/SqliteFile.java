package dev.millrace.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Looks at a SQLite catalog from outside: the file's header tells its journal mode, without a lock. */
final class SqliteFile implements Check {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_BYTES = 100;
    /** Of the format's "file format write version": 1 is a rollback journal, 2 is WAL. */
    private static final int WRITE_VERSION_OFFSET = 18;

    private static final int WAL = 2;

    private final Path file;

    SqliteFile(Path file) {
        this.file = file;
    }

    @Override
    public Finding look() throws IOException {
        if (!Files.exists(file)) {
            return Finding.failed(file + " does not exist", "run 'millrace init', or set lake.catalog to where it is");
        }
        byte[] header = header();
        Path wal = file.resolveSibling(file.getFileName() + "-wal");
        return SqliteVerdict.of(new SqliteVerdict.Seen(
                file,
                Arrays.equals(MAGIC, Arrays.copyOf(header, MAGIC.length)),
                header.length == HEADER_BYTES && header[WRITE_VERSION_OFFSET] == WAL,
                Files.size(file),
                Files.exists(wal) ? Files.size(wal) : 0,
                Files.isWritable(file) && Files.isWritable(file.getParent()),
                NetworkFileSystem.of(file)));
    }

    private byte[] header() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(HEADER_BYTES);
        }
    }
}
