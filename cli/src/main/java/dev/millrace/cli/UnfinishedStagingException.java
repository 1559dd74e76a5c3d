package dev.millrace.cli;

import java.util.UUID;

/** Publishing broke off when some of the files may have been staged; the cause says why, this how to go on. */
final class UnfinishedStagingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnfinishedStagingException(UUID id, RuntimeException cause) {
        super(
                FailureReport.message(cause) + "; some files may be staged: repeat the same command with --id " + id
                        + ", and none is staged twice",
                cause);
    }
}
