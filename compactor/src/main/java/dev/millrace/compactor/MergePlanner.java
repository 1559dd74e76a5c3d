package dev.millrace.compactor;

import java.util.Comparator;
import java.util.List;

/** Decides which partitions are worth a merge: the one that gets rid of most files first. Pure. */
public final class MergePlanner {
    private final long targetFileBytes;

    public MergePlanner(long targetFileBytes) {
        this.targetFileBytes = targetFileBytes;
    }

    public List<PlannedMerge> plan(List<PartitionFiles> partitions) {
        return partitions.stream()
                .map(this::merge)
                .filter(merge -> merge.inputFiles() > merge.outputFiles())
                .sorted(Comparator.comparingLong((PlannedMerge m) -> m.outputFiles() - m.inputFiles())
                        .thenComparing(PlannedMerge::partition))
                .toList();
    }

    private PlannedMerge merge(PartitionFiles partition) {
        long outputs = Math.max(1, -Math.floorDiv(-partition.mergeableBytes(), targetFileBytes));
        return new PlannedMerge(
                partition.partition(),
                partition.mergeableFiles(),
                partition.mergeableBytes(),
                Math.min(outputs, Math.max(1, partition.mergeableFiles())));
    }
}
