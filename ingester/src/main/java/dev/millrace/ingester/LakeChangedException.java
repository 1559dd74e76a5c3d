package dev.millrace.ingester;

import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;

/** The rows that a batch replaces were found, and then another one changed the dataset: nothing was committed, they are looked up anew. */
final class LakeChangedException extends LakeException {
    private static final long serialVersionUID = 1L;

    LakeChangedException(DatasetName dataset, String what) {
        super(message(dataset, what));
    }

    LakeChangedException(DatasetName dataset, String what, Throwable cause) {
        super(message(dataset, what), cause);
    }

    private static String message(DatasetName dataset, String what) {
        return "dataset '" + dataset + "': " + what
                + " since the rows to replace were looked up. Nothing was changed and the files wait for the next ingest";
    }
}
