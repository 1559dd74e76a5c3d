package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one staged file.
 *
 * @param rows how many rows of it are in the lake; 0 when it is quarantined
 * @param rowHash of its rows, as its footer says, see {@link dev.millrace.schemas.RowHashSql#STATED}; absent when it does not
 *     say, or the file is quarantined
 * @param quarantine why it is not in the lake, absent when it is
 */
public record LedgerEntry(
        DatasetName dataset, Identity file, long rows, Optional<String> rowHash, Optional<Quarantine> quarantine) {

    /**
     * The content that was decided on, as far as the store and the file tell.
     *
     * @param modifiedAt by the store's clock
     * @param footerId a digest of the file's footer; only for a file that is quarantined and has a readable one
     */
    public record Identity(String stagedKey, long bytes, Instant modifiedAt, Optional<String> footerId) {}

    /** Why a file was refused: a code for programs, a sentence for people. */
    public record Quarantine(QuarantineReason reason, String message) {}

    public LedgerEntry {
        if (rows < 0 || (quarantine.isPresent() && rows != 0)) {
            throw new IllegalArgumentException(
                    "staged file " + file.stagedKey() + ": " + rows + " rows can't be right");
        }
    }

    LedgerStatus status() {
        return quarantine.isPresent() ? LedgerStatus.QUARANTINED : LedgerStatus.LOADED;
    }
}
