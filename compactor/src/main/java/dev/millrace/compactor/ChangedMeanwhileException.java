package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.schemas.DatasetName;

/** Somebody changed files that were just being merged, or the dataset's columns: their change stands, the merge is planned anew. */
final class ChangedMeanwhileException extends LakeException {
    private static final long serialVersionUID = 1L;

    private ChangedMeanwhileException(String message) {
        super(message);
    }

    static ChangedMeanwhileException columns(DatasetName dataset) {
        return new ChangedMeanwhileException(
                "dataset '" + dataset + "': its columns changed while files were merged; compact it later");
    }

    static ChangedMeanwhileException rows(DatasetName dataset, long planned, long found) {
        return new ChangedMeanwhileException(
                "dataset '" + dataset + "': files with " + planned + " rows were to be merged, and " + found
                        + " are found in them: somebody deletes from the dataset at this moment; compact it later");
    }
}
