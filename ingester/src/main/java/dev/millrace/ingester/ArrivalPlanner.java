package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Divides files into batches in the order in which they have arrived, which is the order in which rows of one key follow each other:
 * by the time of the staged file, and by its key where that is the same. Pure.
 */
public final class ArrivalPlanner {
    private static final Comparator<Loadable> BY_ARRIVAL = Comparator.<Loadable, java.time.Instant>comparing(
                    f -> f.file().modifiedAt())
            .thenComparing(f -> f.file().key());

    private final BatchLimits limits;

    public ArrivalPlanner(BatchLimits limits) {
        this.limits = limits;
    }

    public List<Batch> plan(List<Loadable> files) {
        List<Batch> batches = new ArrayList<>();
        List<Loadable> current = new ArrayList<>();
        long bytes = 0;
        Set<Optional<String>> partitions = new HashSet<>();
        for (Loadable file : files.stream().sorted(BY_ARRIVAL).toList()) {
            boolean newPartition = !partitions.contains(file.footer().partition());
            if (!current.isEmpty()
                    && (bytes + file.file().sizeBytes() > limits.bytes()
                            || current.size() == limits.files()
                            || (newPartition && partitions.size() == limits.partitions()))) {
                batches.add(new Batch(Batch.Way.REWRITE, current));
                current = new ArrayList<>();
                bytes = 0;
                partitions.clear();
            }
            current.add(file);
            bytes += file.file().sizeBytes();
            partitions.add(file.footer().partition());
        }
        if (!current.isEmpty()) {
            batches.add(new Batch(Batch.Way.REWRITE, current));
        }
        return List.copyOf(batches);
    }
}
