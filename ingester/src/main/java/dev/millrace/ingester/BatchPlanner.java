package dev.millrace.ingester;

import dev.millrace.ingester.Inspection.Loadable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Divides files into batches. Pure.
 *
 * <p>Files of the same partition go together, so that a batch registers few lake files and its transaction stays short;
 * the batch with the oldest file comes first.
 */
public final class BatchPlanner {
    private static final Comparator<Loadable> BY_PARTITION_THEN_AGE = Comparator.<Loadable, Boolean>comparing(
                    f -> f.footer().partition().isEmpty())
            .thenComparing(f -> f.footer().partition().orElse(""))
            .thenComparing(f -> f.file().modifiedAt())
            .thenComparing(f -> f.file().key());

    private final BatchLimits limits;
    private final long copyFromBytes;
    private final List<String> exactColumns;

    /**
     * @param copyFromBytes from which size on a file may be copied as it is
     * @param exactColumns the dataset's columns, {@code name type}, in order: a file that is copied has just these
     */
    public BatchPlanner(BatchLimits limits, long copyFromBytes, List<String> exactColumns) {
        this.limits = limits;
        this.copyFromBytes = copyFromBytes;
        this.exactColumns = List.copyOf(exactColumns);
    }

    public List<Batch> plan(List<Loadable> files) {
        List<Batch> batches = new ArrayList<>();
        List<Loadable> rewritten = new ArrayList<>();
        for (Loadable file : files) {
            if (isCopied(file)) {
                batches.add(new Batch(Batch.Way.COPY, List.of(file)));
            } else {
                rewritten.add(file);
            }
        }
        rewritten.sort(BY_PARTITION_THEN_AGE);
        batches.addAll(limits.divide(rewritten));
        batches.sort(Comparator.comparing(Batch::oldest)
                .thenComparing(b -> b.files().get(0).file().key()));
        return List.copyOf(batches);
    }

    private boolean isCopied(Loadable file) {
        return file.file().sizeBytes() >= copyFromBytes
                && file.footer().partition().isPresent()
                && file.columns().stream()
                        .map(c -> c.name() + " " + c.type())
                        .toList()
                        .equals(exactColumns);
    }
}
