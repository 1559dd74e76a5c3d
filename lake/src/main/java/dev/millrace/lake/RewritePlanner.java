package dev.millrace.lake;

import dev.millrace.lake.RewriteSources.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides what is written anew into groups of about the size of one lake file, so that the engine never holds more; files that can be read
 * without the catalog by themselves. Pure.
 */
final class RewritePlanner {
    /** The engine opens all files of a group at once. */
    private static final int MAX_FILES = 1_000;

    private RewritePlanner() {}

    /**
     * In the order of the sources.
     *
     * @param columnsSince the snapshot of the dataset's newest column
     */
    static List<List<Source>> plan(List<Source> sources, long columnsSince, long maxBytes) {
        List<List<Source>> groups = new ArrayList<>();
        for (boolean isDirect : new boolean[] {true, false}) {
            groups.addAll(divide(
                    sources.stream()
                            .filter(source -> source.isOfColumnsSince(columnsSince) == isDirect)
                            .toList(),
                    maxBytes));
        }
        return groups;
    }

    private static List<List<Source>> divide(List<Source> sources, long maxBytes) {
        List<List<Source>> groups = new ArrayList<>();
        List<Source> current = new ArrayList<>();
        long bytes = 0;
        for (Source source : sources) {
            if (!current.isEmpty() && (bytes + source.bytes() > maxBytes || current.size() == MAX_FILES)) {
                groups.add(List.copyOf(current));
                current.clear();
                bytes = 0;
            }
            current.add(source);
            bytes += source.bytes();
        }
        if (!current.isEmpty()) {
            groups.add(List.copyOf(current));
        }
        return groups;
    }
}
