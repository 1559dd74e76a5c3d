package dev.millrace.compactor;

import java.util.List;

/**
 * A partition with those of its files that a merge may take: the small ones and the dirty ones, oldest first, not
 * necessarily all of them.
 */
public record PartitionFiles(PartitionState state, List<LakeFile> candidates) {
    public PartitionFiles {
        candidates = List.copyOf(candidates);
    }
}
