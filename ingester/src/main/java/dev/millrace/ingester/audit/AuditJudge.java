package dev.millrace.ingester.audit;

import dev.millrace.ingester.audit.AuditFinding.Kind;
import dev.millrace.ingester.audit.AuditReport.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Says what the differences between staged files and lake amount to. Pure. */
final class AuditJudge {
    private AuditJudge() {}

    /** Whether others have changed no less than what differs, so that nothing speaks for a fault. */
    static boolean isExplained(RowSearch.Result search, ChangesByOthers others, long ledgerRows, long lakeRows) {
        if (!others.any() || !search.falseHashes().isEmpty()) {
            return false;
        }
        boolean countFits = lakeRows == ledgerRows + others.rowsAdded() - others.rowsDeleted();
        boolean rowsFit = !search.complete()
                || (search.missing() <= others.rowsDeleted()
                        && search.doubled() + search.unknown() <= others.rowsAdded());
        return countFits && rowsFit;
    }

    /**
     * What the search has found, a finding for each staged file.
     *
     * @param explained whether it is all the work of others
     * @param difference rows of the lake less those of the ledger
     */
    static List<AuditFinding> findings(
            RowSearch.Result search,
            ChangesByOthers others,
            boolean explained,
            List<String> suspectBatches,
            long difference) {
        // Rows that others have added were not staged either.
        long unknown = search.complete() ? Math.max(0, search.unknown() - others.rowsAdded()) : 0;
        Kind missing = unknown > 0 ? Kind.ALTERED : Kind.LOST;
        List<AuditFinding> findings = new ArrayList<>();
        for (RowSearch.SearchedFile file : search.files()) {
            if (file.missing() > 0) {
                findings.add(
                        explained
                                ? finding(
                                        Kind.CHANGED_BY_OTHERS,
                                        file,
                                        file.missing(),
                                        " of its rows were deleted or updated")
                                : finding(missing, file, file.missing(), " of its rows are not in the lake"));
            }
            if (file.doubled() > 0 && search.complete()) {
                findings.add(finding(
                        Kind.DOUBLED,
                        file,
                        file.doubled(),
                        " rows that are equal to some of its own are in the lake beyond those that were staged"));
            }
        }
        search.falseHashes()
                .forEach(file -> findings.add(
                        finding(Kind.FALSE_ROW_HASH, file, 0, "the row hash in its footer is not that of its rows")));
        if (unknown > 0) {
            findings.add(new AuditFinding(
                    Kind.UNKNOWN_ROWS,
                    "",
                    List.of(),
                    unknown,
                    unknown + " rows of the lake were neither staged nor inserted by others"));
        }
        if (!explained && (findings.isEmpty() || !search.complete())) {
            findings.add(new AuditFinding(
                    Kind.DIFFERENT,
                    suspectBatches.size() == 1 ? suspectBatches.get(0) : "",
                    List.of(),
                    Math.abs(difference),
                    "the lake has " + compared(difference) + " were loaded; they are of the batches " + suspectBatches
                            + ", whose staged files are not all there any more"));
        }
        return findings;
    }

    private static String compared(long difference) {
        if (difference == 0) {
            return "as many rows, and others than";
        }
        return Math.abs(difference) + (difference < 0 ? " rows fewer than" : " rows more than");
    }

    static Verdict verdict(boolean stagedIsAsLoaded, boolean lakeHolds, boolean explained) {
        if (!stagedIsAsLoaded) {
            return Verdict.BROKEN;
        }
        if (lakeHolds) {
            return Verdict.HOLDS;
        }
        return explained ? Verdict.CHANGED_BY_OTHERS : Verdict.BROKEN;
    }

    private static AuditFinding finding(Kind kind, RowSearch.SearchedFile file, long rows, String words) {
        return new AuditFinding(
                kind, file.batch(), List.of(file.key()), rows, (rows == 0 ? "" : Long.toString(rows)) + words);
    }
}
