package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one staged file.
 *
 * @param rows how many rows of it are in the lake; 0 when it is quarantined
 * @param quarantine why it is not in the lake, absent when it is
 */
public record LedgerEntry(
        DatasetName dataset,
        String stagedKey,
        long stagedBytes,
        Instant stagedAt,
        long rows,
        Optional<Quarantine> quarantine) {

    /** Why a file was refused: a code for programs, a sentence for people. */
    public record Quarantine(QuarantineReason reason, String message) {}

    public LedgerEntry {
        if (rows < 0 || (quarantine.isPresent() && rows != 0)) {
            throw new IllegalArgumentException("staged file " + stagedKey + ": " + rows + " rows can't be right");
        }
    }

    /** The word in the ledger's column {@code status}. */
    public String status() {
        return quarantine.isPresent() ? "quarantined" : "loaded";
    }
}
