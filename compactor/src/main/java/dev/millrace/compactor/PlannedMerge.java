package dev.millrace.compactor;

import java.util.List;

/** Files of one partition that become one, or one file that is written anew without its deleted rows. */
public record PlannedMerge(String partition, List<LakeFile> inputs) {
    /** What a file costs a reader besides its bytes, in bytes that could be read meanwhile: some requests, or an open and two seeks. */
    private static final long FILE_COST_BYTES = 1_000_000;

    /** What is done to the files. */
    public enum Action {
        MERGE,
        REWRITE,
        FLUSH
    }

    public PlannedMerge {
        inputs = List.copyOf(inputs);
        boolean isRewrite = inputs.size() == 1
                && (inputs.get(0).deletedRows() > 0 || inputs.get(0).isInlined());
        if (inputs.size() < 2 && !isRewrite) {
            throw new IllegalArgumentException("partition '" + partition
                    + "': a merge takes two files at least, or one with deleted rows, not " + inputs);
        }
    }

    public Action action() {
        if (inputs.stream().allMatch(LakeFile::isInlined)) {
            return Action.FLUSH;
        }
        return inputs.size() == 1 ? Action.REWRITE : Action.MERGE;
    }

    boolean isOfWholeFiles() {
        return inputs.stream().allMatch(LakeFile::isWhole);
    }

    public long inputBytes() {
        return inputs.stream().mapToLong(LakeFile::bytes).sum();
    }

    /** About the size of the file that comes of it. */
    public long outputBytes() {
        return inputs.stream().mapToLong(LakeFile::liveBytes).sum();
    }

    public long inputRows() {
        return inputs.stream().mapToLong(LakeFile::rows).sum();
    }

    /** What readers are spared by it for each byte that it costs; any number above zero. */
    double relief() {
        long sparedBytes = (inputs.size() - 1) * FILE_COST_BYTES + inputBytes() - outputBytes();
        long costBytes = inputs.size() * FILE_COST_BYTES + inputBytes() + outputBytes();
        return (double) Math.max(1, sparedBytes) / costBytes;
    }
}
