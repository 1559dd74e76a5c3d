package dev.millrace.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads paths of this machine as users write them. */
final class LocalPath {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");

    private LocalPath() {}

    static Path resolve(String text, Path relativeTo) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("a path that is not empty");
        }
        if (SCHEME.matcher(text).matches()) {
            throw new IllegalArgumentException("a directory or s3://bucket/prefix");
        }
        if (text.startsWith("~")) {
            throw new IllegalArgumentException("a path without '~', which is not expanded here; write it out");
        }
        try {
            return relativeTo.resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("a valid path: " + e.getReason(), e);
        }
    }
}
