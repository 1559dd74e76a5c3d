package dev.millrace.cli.rows;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Bytes to read rows from, and the name that messages give them. A file named {@code *.gz} is unpacked on the way. */
public record RowInput(String name, InputStream bytes) {
    private static final int BUFFER_BYTES = 1 << 16;

    /** Opens a file; the caller, or the source made of it, closes it. */
    public static RowInput file(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        if (!file.toString().endsWith(".gz")) {
            return new RowInput(file.toString(), new BufferedInputStream(bytes, BUFFER_BYTES));
        }
        try {
            return new RowInput(
                    file.toString(), new BufferedInputStream(new GZIPInputStream(bytes, BUFFER_BYTES), BUFFER_BYTES));
        } catch (ZipException | EOFException e) {
            bytes.close();
            throw new RowException(file.toString(), "is not a gzip file: " + e.getMessage(), e);
        }
    }

    /** The standard input, never unpacked. */
    public static RowInput standardInput(InputStream in) {
        return new RowInput("(standard input)", new BufferedInputStream(in, BUFFER_BYTES));
    }
}
