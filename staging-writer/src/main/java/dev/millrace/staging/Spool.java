package dev.millrace.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Removal of what will not be published. What can't be removed is found by the store's removal of abandoned puts. */
final class Spool {
    private Spool() {}

    static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Left for the removal of abandoned puts.
        }
    }

    static void closeAndDelete(Closeable writer, Path path) {
        try {
            writer.close();
        } catch (IOException | RuntimeException e) {
            // The file is thrown away, so what was lost of it does not matter.
        } finally {
            delete(path);
        }
    }
}
