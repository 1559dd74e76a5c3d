package dev.millrace.bench.oracle;

import java.util.List;

/**
 * What the {@link Oracle} has found.
 *
 * @param acknowledged rows that producers were told are staged
 * @param inLake rows in the lake
 * @param waiting rows in staged files that the ledger does not know
 * @param deleted rows that analysts have deleted
 * @param lost acknowledged rows that are none of that
 * @param doubled rows that are there more than once, acknowledged or not
 * @param dangling files that a snapshot names and the store does not have
 * @param wronglySized files that have another size than the catalog says
 * @param wronglyDeleted acknowledged staged files that are gone and that the ledger does not call loaded
 * @param findings a sentence for each kind of mistake, these and others, with some examples
 */
public record Verdict(
        long acknowledged,
        long inLake,
        long waiting,
        long deleted,
        long lost,
        long doubled,
        long dangling,
        long wronglySized,
        long wronglyDeleted,
        List<String> findings) {
    public Verdict {
        findings = List.copyOf(findings);
        if (lost + doubled + dangling + wronglySized + wronglyDeleted > 0 && findings.isEmpty()) {
            throw new IllegalArgumentException("a verdict with mistakes and without findings");
        }
    }

    /** Whether all promises hold. */
    public boolean ok() {
        return findings.isEmpty();
    }
}
