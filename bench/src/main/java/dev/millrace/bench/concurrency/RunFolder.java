package dev.millrace.bench.concurrency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/** Where one run keeps its logs, and its lake where that is embedded. It stays when something went wrong. */
final class RunFolder implements AutoCloseable {
    private final Path folder;
    private boolean kept;

    private RunFolder(Path folder) {
        this.folder = folder;
    }

    static RunFolder create() {
        try {
            return new RunFolder(Files.createTempDirectory("millrace-bench-"));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for a run can't be made", e);
        }
    }

    /** A folder in it. */
    Path sub(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + name + " of a run can't be made in " + folder, e);
        }
    }

    /** Lets it stay, for whoever looks for the reason. */
    Path keep() {
        kept = true;
        return folder;
    }

    @Override
    public void close() {
        if (!kept) {
            FileUtils.deleteQuietly(folder.toFile());
        }
    }
}
