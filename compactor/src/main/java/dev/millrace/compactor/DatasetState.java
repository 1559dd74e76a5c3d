package dev.millrace.compactor;

import dev.millrace.schemas.DatasetName;
import java.util.List;

/**
 * A dataset as the catalog has it, and what a compaction would do for it now.
 *
 * @param partitions by their values; one with an empty name for a dataset without partitions
 * @param inlinedRows that stand in the catalog itself
 * @param plan for the partitions with most to win
 */
public record DatasetState(DatasetName dataset, List<PartitionState> partitions, long inlinedRows, CompactPlan plan) {
    public DatasetState {
        partitions = List.copyOf(partitions);
    }

    /** All partitions in one line. */
    public PartitionState total() {
        return partitions.stream().reduce(PartitionState.NONE, PartitionState::plus);
    }
}
