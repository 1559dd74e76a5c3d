package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ledger of one dataset in a few numbers.
 *
 * @param lastLoadedAt when the last staged file was loaded; absent when none was
 * @param quarantined how many files are in quarantine, by the code of the reason
 */
public record LedgerSummary(
        long loadedFiles, long loadedRows, Optional<Instant> lastLoadedAt, Map<String, Long> quarantined) {
    /** Of a dataset into which nothing was loaded yet. */
    public static final LedgerSummary NOTHING = new LedgerSummary(0, 0, Optional.empty(), Map.of());

    private static final String ALL = """
            SELECT dataset, status, coalesce(reason, ''), count(*), coalesce(sum(rows), 0)::BIGINT, max(decided_at)
            FROM lake.millrace.ledger WHERE status IN ('loaded', 'quarantined')
            GROUP BY dataset, status, coalesce(reason, '') ORDER BY 1, 2, 3
            """;

    private record Group(
            DatasetName dataset, LedgerStatus status, String reason, long files, long rows, Instant lastAt) {}

    public LedgerSummary {
        quarantined = Map.copyOf(quarantined);
    }

    /** All of them, by one look at the ledger. Datasets that it does not know are missing. */
    public static Map<DatasetName, LedgerSummary> all(LakeSession session) {
        List<Group> groups = session.query(
                ALL,
                row -> new Group(
                        DatasetName.parse(row.getString(1)),
                        LedgerStatus.of(row.getString(2)),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getObject(6, OffsetDateTime.class).toInstant()));
        Map<DatasetName, LedgerSummary> summaries = new HashMap<>();
        groups.forEach(group -> summaries.merge(group.dataset(), of(group), LedgerSummary::plus));
        return summaries;
    }

    private static LedgerSummary of(Group group) {
        return group.status() == LedgerStatus.LOADED
                ? new LedgerSummary(group.files(), group.rows(), Optional.of(group.lastAt()), Map.of())
                : new LedgerSummary(0, 0, Optional.empty(), Map.of(group.reason(), group.files()));
    }

    private LedgerSummary plus(LedgerSummary other) {
        Map<String, Long> both = new TreeMap<>(quarantined);
        other.quarantined.forEach((reason, files) -> both.merge(reason, files, Long::sum));
        return new LedgerSummary(
                loadedFiles + other.loadedFiles,
                loadedRows + other.loadedRows,
                lastLoadedAt.or(other::lastLoadedAt),
                both);
    }

    public long quarantinedFiles() {
        return quarantined.values().stream().mapToLong(Long::longValue).sum();
    }
}
