package dev.millrace.storage;

import java.nio.file.Path;

/** Which keys and prefixes a store accepts: none leaves the root, none is a name that listings hide. */
final class ObjectKeys {
    private ObjectKeys() {}

    static String checkedKey(String key) {
        if (key.isEmpty()) {
            throw refused(key, "it is empty");
        }
        if (key.indexOf('\\') >= 0 || key.indexOf('\0') >= 0) {
            throw refused(key, "it contains a backslash or a NUL");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty()) {
                throw refused(key, "it begins or ends with '/' or has an empty part");
            }
            if (segment.startsWith(".")) {
                throw refused(
                        key, "its part '" + segment + "' begins with '.'; such names are kept for puts in flight");
            }
        }
        return key;
    }

    /** A key that the engine reads as it is written: {@code ? * [} would be a parameter or a pattern in an address of S3. */
    static String checkedForEngine(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '?' || c == '*' || c == '[' || Character.isISOControl(c)) {
                throw refused(
                        key,
                        "it contains a control character or one of ? * [, which the engine does not take for a"
                                + " part of a name");
            }
        }
        return key;
    }

    /** A prefix is empty or ends in a slash. */
    static String checkedPrefix(String prefix) {
        if (prefix.isEmpty()) {
            return prefix;
        }
        if (!prefix.endsWith("/")) {
            throw new StorageException("the prefix '" + prefix + "' does not end with '/'; list whole folders only");
        }
        checkedKey(prefix.substring(0, prefix.length() - 1));
        return prefix;
    }

    /** The key of a path below the root. */
    static String keyOf(Path root, Path path) {
        StringBuilder key = new StringBuilder();
        for (Path segment : root.relativize(path)) {
            if (key.length() > 0) {
                key.append('/');
            }
            key.append(segment);
        }
        return key.toString();
    }

    private static StorageException refused(String key, String why) {
        String shown = key.replaceAll("\\p{Cntrl}", "?");
        return new StorageException("the key '" + shown + "' is refused: " + why
                + "; use parts of letters, digits, '.', '_', '=' and '-' joined by '/'");
    }
}
