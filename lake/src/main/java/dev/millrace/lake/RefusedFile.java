package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.Optional;

/** A staged file that was refused, as the ledger tells of it. */
public record RefusedFile(
        DatasetName dataset, LedgerEntry.Identity file, LedgerStatus status, Verdict verdict, Optional<Change> change) {

    /**
     * Why it was refused, when and by whom.
     *
     * @param reason a code of {@link QuarantineReason}
     * @param batchId of the transaction that refused it
     * @param worker absent when the run is not in the run table
     */
    public record Verdict(
            String reason, String message, String batchId, String runId, Optional<String> worker, Instant decidedAt) {}

    /** When and by which run the verdict was taken back or its consequence drawn. */
    public record Change(String runId, Instant at) {}

    public String key() {
        return file.stagedKey();
    }
}
