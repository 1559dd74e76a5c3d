package dev.millrace.cli.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where objects are kept: a directory of this machine, or a prefix of an S3 bucket. */
public sealed interface StorageAddress {
    /** Whether an object below {@code other} would also be an object below this address, or at it. */
    boolean contains(StorageAddress other);

    /**
     * Reads {@code s3://bucket/prefix} or a path, which counts from a folder.
     *
     * @throws IllegalArgumentException when it is neither; the message says what is allowed
     */
    static StorageAddress parse(String text, Path relativeTo) {
        if (text.startsWith("s3://")) {
            return S3Prefix.parse(text);
        }
        return new Directory(LocalPath.resolve(text, relativeTo));
    }

    /** An absolute path; the directory need not exist. */
    record Directory(Path path) implements StorageAddress {
        public Directory {
            path = path.toAbsolutePath().normalize();
        }

        @Override
        public boolean contains(StorageAddress other) {
            return other instanceof Directory directory && real(directory.path).startsWith(real(path));
        }

        /** The path without symbolic links, as far as it exists. */
        private static Path real(Path path) {
            try {
                return path.toRealPath();
            } catch (IOException e) {
                Path parent = path.getParent();
                return parent == null ? path : real(parent).resolve(path.getFileName());
            }
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A bucket and the prefix of the keys in it, without a slash at either end; the prefix may be empty. */
    record S3Prefix(String bucket, String prefix) implements StorageAddress {
        private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
        private static final Pattern PREFIX =
                Pattern.compile("([A-Za-z0-9][A-Za-z0-9._=-]*(/[A-Za-z0-9][A-Za-z0-9._=-]*)*)?");
        private static final Pattern ADDRESS = Pattern.compile("s3://([^/]*)/?(.*?)/?");

        public S3Prefix {
            if (!BUCKET.matcher(bucket).matches() || !PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException(
                        "s3://bucket/prefix: a bucket of 3 to 63 lower-case letters, digits, '-' and '.', and a prefix of"
                                + " letters, digits and '._=-/'");
            }
        }

        private static S3Prefix parse(String text) {
            Matcher matcher = ADDRESS.matcher(text);
            return matcher.matches() ? new S3Prefix(matcher.group(1), matcher.group(2)) : new S3Prefix("", "");
        }

        @Override
        public boolean contains(StorageAddress other) {
            return other instanceof S3Prefix s3
                    && s3.bucket.equals(bucket)
                    && (prefix.isEmpty() || (s3.prefix + "/").startsWith(prefix + "/"));
        }

        @Override
        public String toString() {
            return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
        }
    }
}
