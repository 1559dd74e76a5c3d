package dev.millrace.compactor;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.DatasetName;

/** The engine's memory is too small for a step; nothing was changed. */
final class MemoryException extends LakeException {
    private static final long serialVersionUID = 1L;

    MemoryException(DatasetName dataset, long files, long bytes, StatementException cause) {
        super(
                "dataset '" + dataset + "': the engine's memory does not hold what it takes to write " + files
                        + " files of "
                        + bytes + " bytes anew (" + cause.firstLine()
                        + "); nothing was changed. Give it more by compact.memory",
                cause);
    }
}
