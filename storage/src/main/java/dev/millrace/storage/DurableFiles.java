package dev.millrace.storage;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/** File operations whose effect is still there after a power cut once they have returned. */
final class DurableFiles {
    /** Windows can't open a folder to flush it, and has no need to. */
    private static final boolean FOLDERS_NEED_SYNC = File.separatorChar == '/';

    private DurableFiles() {}

    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Several at a time: the file system does in one go what it is asked for meanwhile. */
    static void sync(Collection<Path> files) throws IOException {
        try {
            files.parallelStream().forEach(file -> {
                try {
                    sync(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static void syncFolder(Path folder) throws IOException {
        if (FOLDERS_NEED_SYNC) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Creates a folder with its missing parents. */
    static void createFolders(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path p = folder; p != null && !Files.isDirectory(p); p = p.getParent()) {
            missing.push(p);
        }
        for (Path p : missing) {
            try {
                Files.createDirectory(p);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(p)) {
                    throw e;
                }
            }
            if (p.getParent() != null) {
                syncFolder(p.getParent());
            }
        }
    }

    /** Copies the bytes of a file within the kernel to a new file. */
    static void copy(Path from, Path to) throws IOException {
        try (FileChannel source = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel target = FileChannel.open(to, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            long size = source.size();
            for (long done = 0; done < size; ) {
                long moved = source.transferTo(done, size - done, target);
                if (moved == 0) {
                    throw new IOException(from + " became shorter while it was copied");
                }
                done += moved;
            }
            target.force(true);
        }
    }
}
