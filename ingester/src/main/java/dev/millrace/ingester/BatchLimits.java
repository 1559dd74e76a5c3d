package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one batch may hold at most. A single file that is larger is a batch of its own.
 *
 * @param bytes of its staged files together
 * @param files staged files
 * @param partitions distinct partition values, each of which becomes a lake file to register; it bounds the time that
 *     the catalog transaction takes (2 to 4 ms for each, measured)
 */
public record BatchLimits(long bytes, int files, int partitions) {
    public BatchLimits {
        if (bytes < 1 || files < 1 || partitions < 1) {
            throw new IllegalArgumentException("a batch holds at least one byte, file and partition, not " + bytes
                    + " bytes, " + files + " files, " + partitions + " partitions");
        }
    }

    /** Divides files that are written anew into batches within these limits, in their order. */
    List<Batch> divide(List<Loadable> inOrder) {
        List<Batch> batches = new ArrayList<>();
        List<Loadable> current = new ArrayList<>();
        long currentBytes = 0;
        Set<Optional<String>> seen = new HashSet<>();
        for (Loadable file : inOrder) {
            boolean newPartition = !seen.contains(file.footer().partition());
            if (!current.isEmpty()
                    && (currentBytes + file.file().sizeBytes() > bytes
                            || current.size() == files
                            || (newPartition && seen.size() == partitions))) {
                batches.add(new Batch(Batch.Way.REWRITE, current));
                current = new ArrayList<>();
                currentBytes = 0;
                seen.clear();
            }
            current.add(file);
            currentBytes += file.file().sizeBytes();
            seen.add(file.footer().partition());
        }
        if (!current.isEmpty()) {
            batches.add(new Batch(Batch.Way.REWRITE, current));
        }
        return batches;
    }
}
