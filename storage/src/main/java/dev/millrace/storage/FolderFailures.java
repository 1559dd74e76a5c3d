package dev.millrace.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Turns what the file system says into one line that names the place and what to do next. */
final class FolderFailures {
    private FolderFailures() {}

    /** The exception for a failed action, such as {@code "cannot store 'a/b.parquet' in /staging"}. */
    static StorageException failed(String action, IOException cause) {
        return new StorageException(action + ": " + reason(cause) + "; " + remedy(cause), cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied" + place(cause);
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or folder" + place(cause);
        }
        if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException) {
            return "a file stands where a folder is needed" + place(cause);
        }
        if (cause instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason().toLowerCase(Locale.ROOT) + place(cause);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : oneLine(cause.getMessage());
    }

    private static String remedy(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("No space left")) {
            return "free space on that file system or move the folder, then try again";
        }
        if (message.contains("quota")) {
            return "raise the quota or free space, then try again";
        }
        if (message.contains("Read-only file system")) {
            return "mount it writable or choose another folder";
        }
        if (message.contains("Too many open files")) {
            return "raise the limit of open files (ulimit -n)";
        }
        if (cause instanceof AccessDeniedException) {
            return "give the user of this process the right to read and write there";
        }
        if (cause instanceof NotDirectoryException
                || cause instanceof FileAlreadyExistsException
                || message.contains("Not a directory")) {
            return "move that file away or choose another folder";
        }
        return cause instanceof NoSuchFileException
                ? "check that it still exists and is mounted"
                : "check the file system, then try again";
    }

    private static String place(IOException cause) {
        return cause instanceof FileSystemException f && f.getFile() != null ? " (" + oneLine(f.getFile()) + ")" : "";
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\r\\n]+", " ");
    }
}
