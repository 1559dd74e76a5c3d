package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import java.util.Comparator;
import java.util.List;

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
        return List.copyOf(limits.divide(files.stream().sorted(BY_ARRIVAL).toList()));
    }
}
