package dev.millrace.bench.simulation;

import java.util.List;

/**
 * What an object holds.
 *
 * @param rows each named by its producer and its number, which no two have in common
 * @param isReadable false for the beginning of a file that is not all there
 */
record Content(String partition, List<Integer> rows, boolean isReadable) {
    Content {
        rows = List.copyOf(rows);
    }

    /** The bytes: as many as rows, fewer when it is not all there. */
    long bytes() {
        return isReadable ? rows.size() : Math.max(0, rows.size() - 1);
    }

    Content begun() {
        return new Content(partition, rows, false);
    }
}
