package dev.millrace.ingester;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides the lake files that a batch touches into groups that are written anew together, so that the engine never holds more than a
 * group of about the size of one lake file. Files of one partition stand beside each other by their paths. Pure.
 */
final class RewritePlanner {
    /** The engine opens all files of a group at once. */
    private static final int MAX_FILES = 1_000;

    private RewritePlanner() {}

    static List<List<TouchedFile>> plan(List<TouchedFile> files, long maxBytes) {
        List<List<TouchedFile>> groups = new ArrayList<>();
        List<TouchedFile> current = new ArrayList<>();
        long bytes = 0;
        for (TouchedFile file :
                files.stream().sorted(Comparator.comparing(TouchedFile::path)).toList()) {
            if (!current.isEmpty() && (bytes + file.bytes() > maxBytes || current.size() == MAX_FILES)) {
                groups.add(List.copyOf(current));
                current.clear();
                bytes = 0;
            }
            current.add(file);
            bytes += file.bytes();
        }
        if (!current.isEmpty()) {
            groups.add(List.copyOf(current));
        }
        return List.copyOf(groups);
    }
}
