package dev.millrace.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Local files in which contents are built before they are put; only this user can read them. Thread-safe. */
final class S3Spool {
    private static final String FOLDER = "millrace-spool-";
    private static final String FILE = ".spool-";

    private final Path parent;
    private final Clock clock;
    private Path folder;

    S3Spool(Path parent, Clock clock) {
        this.parent = parent;
        this.clock = clock;
    }

    /** A path in a folder that exists, at which nothing is yet. */
    synchronized Path newFile() {
        try {
            if (folder == null || !Files.isDirectory(folder)) {
                folder = Files.createTempDirectory(parent, FOLDER);
                folder.toFile().deleteOnExit();
            } else {
                // A folder that is in use must not look abandoned.
                Files.setLastModifiedTime(folder, FileTime.from(clock.instant()));
            }
        } catch (IOException e) {
            throw FolderFailures.failed("cannot make a folder for files to be put in " + parent, e);
        }
        return folder.resolve(FILE + UUID.randomUUID());
    }

    /** Removes what processes on this machine have left here. */
    int removeOlderThan(Instant before) {
        int removed = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, FOLDER + "*")) {
            for (Path left : folders) {
                removed += removeFiles(left, before);
                removeQuietly(left, before);
            }
        } catch (IOException e) {
            throw FolderFailures.failed("cannot look for abandoned puts in " + parent, e);
        }
        return removed;
    }

    private static int removeFiles(Path left, Instant before) {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(left, FILE + "*")) {
            for (Path file : files) {
                if (removeQuietly(file, before)) {
                    removed++;
                }
            }
        } catch (IOException e) {
            // Another user's, who removes it.
        }
        return removed;
    }

    private static boolean removeQuietly(Path path, Instant before) {
        try {
            return Files.getLastModifiedTime(path).toInstant().isBefore(before) && Files.deleteIfExists(path);
        } catch (IOException e) {
            // Another user's, or a folder in use; the next removal looks again.
            return false;
        }
    }
}
