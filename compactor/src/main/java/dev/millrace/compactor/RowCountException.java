package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;

/** A step would have changed how many rows a dataset has; it was undone and nothing was deleted. */
public final class RowCountException extends LakeException {
    private static final long serialVersionUID = 1L;

    /** @param step what was done: "merging 4 files" */
    RowCountException(DatasetName dataset, String step, long before, long after) {
        super("dataset '" + dataset + "': " + before + " rows before " + step + " and " + after
                + " after it: the step was undone, nothing was deleted, and the dataset is not compacted any further."
                + " Keep the lake as it is and report this");
    }
}
