package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;

/** Somebody deleted rows of files that were just being merged: their change stands, the merge is planned anew. */
final class ChangedMeanwhileException extends LakeException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhileException(DatasetName dataset, long planned, long found) {
        super("dataset '" + dataset + "': files with " + planned + " rows were to be merged, and " + found
                + " are found in them: somebody deletes from the dataset at this moment; compact it later");
    }
}
