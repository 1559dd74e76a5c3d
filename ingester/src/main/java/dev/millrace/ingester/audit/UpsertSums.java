package dev.millrace.ingester.audit;

import dev.millrace.ingester.audit.AuditFinding.Kind;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.WriteMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Holds the lake against what the batches of a dataset of the mode {@code upsert} have recorded: rows written, less those that were replaced
 * or deleted, are the rows of the lake; the rows of each batch are those of its staged files; and no key is there twice.
 */
final class UpsertSums {
    private static final String BATCHES = """
            SELECT coalesce(sum(staged_rows), 0)::BIGINT, coalesce(sum(written_rows), 0)::BIGINT,
                coalesce(sum(replaced_rows), 0)::BIGINT, coalesce(sum(dropped_rows), 0)::BIGINT,
                coalesce(sum(delete_rows), 0)::BIGINT, coalesce(sum(deleted_rows), 0)::BIGINT
            FROM lake.millrace.upsert AT (VERSION => %d) WHERE dataset = ?
            """;
    private static final String DIFFERING_BATCHES = """
            SELECT batch_id FROM (SELECT batch_id, sum(rows) AS rows FROM audit_ledger GROUP BY batch_id) l
            FULL JOIN (SELECT batch_id, staged_rows FROM lake.millrace.upsert AT (VERSION => %d) WHERE dataset = ?) u USING (batch_id)
            WHERE l.rows IS DISTINCT FROM u.staged_rows ORDER BY batch_id LIMIT 100
            """;
    private static final String ROWS = """
            SELECT coalesce(sum(n), 0)::BIGINT, coalesce(sum(n - 1), 0)::BIGINT
            FROM (SELECT count(*) AS n FROM %s AT (VERSION => %d) GROUP BY %s)
            """;
    private static final String FILES = """
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file
            WHERE table_id = $1 AND begin_snapshot <= $2 AND (end_snapshot IS NULL OR end_snapshot > $2)
            """;

    /** What the batches have recorded, in the words of {@link dev.millrace.lake.UpsertedBatch.Rows}. */
    record Recorded(long staged, long written, long replaced, long dropped, long deletes, long deleted) {
        long inLake() {
            return written - replaced - deleted;
        }
    }

    /**
     * How records and lake compare.
     *
     * @param differingBatches whose record is not that of the ledger, 100 at most
     * @param excessRows rows of the lake whose key another one has
     */
    record Comparison(
            Recorded recorded, List<String> differingBatches, long lakeFiles, long lakeRows, long excessRows) {
        Comparison {
            differingBatches = List.copyOf(differingBatches);
        }

        boolean holds() {
            return differingBatches.isEmpty() && recorded.inLake() == lakeRows && excessRows == 0;
        }

        /** Whether others have changed just what differs. */
        boolean isExplainedBy(ChangesByOthers others) {
            return differingBatches.isEmpty() && difference(others) == 0 && excessRows <= others.rowsAdded();
        }

        private long difference(ChangesByOthers others) {
            return lakeRows - (recorded.inLake() + others.rowsAdded() - others.rowsDeleted());
        }

        List<AuditFinding> findings(ChangesByOthers others) {
            List<AuditFinding> findings = new ArrayList<>();
            differingBatches.forEach(batch -> findings.add(new AuditFinding(
                    Kind.DIFFERENT,
                    batch,
                    List.of(),
                    0,
                    "its record and the ledger tell of different numbers of rows")));
            long difference = difference(others);
            if (difference != 0) {
                findings.add(new AuditFinding(
                        Kind.DIFFERENT,
                        "",
                        List.of(),
                        Math.abs(difference),
                        "the lake has " + Math.abs(difference) + " rows " + (difference < 0 ? "fewer" : "more")
                                + " than its batches and what others have changed come to"));
            }
            if (excessRows > others.rowsAdded()) {
                findings.add(new AuditFinding(
                        Kind.DOUBLED,
                        "",
                        List.of(),
                        excessRows,
                        excessRows + " rows of the lake have the key of another one"));
            }
            return findings;
        }

        /** A sentence for people, without the full stop. */
        String account() {
            return recorded.staged() + " staged rows: " + recorded.written() + " written, of which "
                    + recorded.replaced()
                    + " in the place of others, " + recorded.dropped() + " dropped for a later version, "
                    + recorded.deletes() + " that delete, which took out " + recorded.deleted();
        }
    }

    private final LakeSession session;

    UpsertSums(LakeSession session) {
        this.session = session;
    }

    /** Reads the keys of all rows once; {@link LakeSums} has read the ledger before. */
    Comparison compare(DatasetTable table, DatasetName dataset, WriteMode.Upsert mode, long snapshot) {
        Recorded recorded = session.queryOne(
                        BATCHES.formatted(snapshot),
                        row -> new Recorded(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6)),
                        dataset.toString())
                .orElseThrow();
        List<String> differing =
                session.query(DIFFERING_BATCHES.formatted(snapshot), row -> row.getString(1), dataset.toString());
        Optional<long[]> rows =
                session.queryOne(ROWS.formatted(table.sqlName(), snapshot, SqlText.identifiers(mode.key())), row ->
                        new long[] {row.getLong(1), row.getLong(2)});
        return new Comparison(
                recorded,
                differing,
                session.queryLong(FILES, table.id(), snapshot),
                rows.orElseThrow()[0],
                rows.orElseThrow()[1]);
    }
}
