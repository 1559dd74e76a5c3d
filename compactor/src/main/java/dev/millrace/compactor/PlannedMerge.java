package dev.millrace.compactor;

import java.util.List;

/** Files of one partition that become one. */
public record PlannedMerge(String partition, List<LakeFile> inputs) {
    public PlannedMerge {
        inputs = List.copyOf(inputs);
        if (inputs.size() < 2) {
            throw new IllegalArgumentException(
                    "partition '" + partition + "': a merge takes two files at least, not " + inputs.size());
        }
    }

    public long inputBytes() {
        return inputs.stream().mapToLong(LakeFile::bytes).sum();
    }

    public long inputRows() {
        return inputs.stream().mapToLong(LakeFile::rows).sum();
    }
}
