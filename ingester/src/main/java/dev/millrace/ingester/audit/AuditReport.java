package dev.millrace.ingester.audit;

import dev.millrace.schemas.DatasetName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What an audit of one dataset has found.
 *
 * @param findings 100 at most
 * @param notes what could not be compared, and why
 */
public record AuditReport(
        DatasetName dataset,
        Verdict verdict,
        Totals totals,
        ChangesByOthers others,
        List<AuditFinding> findings,
        List<String> notes) {
    /** Whether the proof holds. */
    public enum Verdict {
        /** Staged files, ledger and lake agree. */
        HOLDS,
        /** They differ by no more than others have inserted and deleted by SQL. */
        CHANGED_BY_OTHERS,
        /** They differ. */
        BROKEN;

        /** The word in messages and in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Files, rows and the hash of the rows.
     *
     * @param hashedRows of how many rows the hash is; those that other writers have staged have none
     * @param rowHash 16 hexadecimal digits; absent when it can't be computed
     */
    public record Sums(long files, long rows, long hashedRows, Optional<String> rowHash) {}

    /**
     * The three that are compared.
     *
     * @param snapshot of the lake and its ledger
     * @param staged the loaded files that are still in the staging area, by their footers
     * @param ledger the loaded files
     * @param lake the lake files, by reading all of them
     */
    public record Totals(long snapshot, Sums staged, Sums ledger, Sums lake) {}

    public AuditReport {
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }
}
