package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;

/** A step changed how many rows a dataset has, or would have; the message says whether it could be undone. */
public final class RowCountException extends LakeException {
    private static final long serialVersionUID = 1L;

    /** What became of the step. */
    enum Step {
        /** Its transaction was rolled back. */
        UNDONE("the step was undone, nothing was deleted,"),
        /** It is no transaction. */
        DONE("the step can't be undone,");

        private final String words;

        Step(String words) {
            this.words = words;
        }
    }

    /** @param what was done: "merging 4 files" */
    RowCountException(DatasetName dataset, String what, Step step, long before, long after) {
        super("dataset '" + dataset + "': " + before + " rows before " + what + " and " + after + " after it: "
                + step.words + " and the dataset is not compacted any further. Keep the lake as it is and report this");
    }
}
