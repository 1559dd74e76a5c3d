package dev.millrace.ingester.audit;

import dev.millrace.ingester.audit.AuditReport.Sums;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the staged files, the ledger and the lake of a dataset by count and by row hash, at one snapshot. Reads every row of the
 * lake once; changes nothing, takes no lease, and works with a session that may only read.
 *
 * <p>Not thread-safe; uses its session's thread.
 */
public final class Audit {
    private static final int MAX_FINDINGS = 100;
    private static final String NEWEST = "SELECT max(snapshot_id) FROM __ducklake_metadata_lake.ducklake_snapshot";
    private static final String SUSPECTS = "SELECT batch_id FROM audit_suspect ORDER BY batch_id LIMIT 100";

    private final LakeSession session;
    private final ObjectStore staging;

    public Audit(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    /**
     * Audits a dataset. Of one of the mode {@code upsert} rows are counted and not hashed, see {@link UpsertSums}.
     *
     * @throws dev.millrace.lake.LakeException when the lake can't be read
     * @throws dev.millrace.storage.StorageException when staging can't be read
     */
    public AuditReport run(Contract contract) {
        return contract.mode() instanceof WriteMode.Upsert upsert ? upserted(contract, upsert) : appended(contract);
    }

    private AuditReport upserted(Contract contract, WriteMode.Upsert mode) {
        DatasetTable table = new DatasetTable(session, contract.dataset());
        long snapshot = session.queryLong(NEWEST);
        LakeSums sums = new LakeSums(session);
        sums.readLedger(contract.dataset(), snapshot);
        List<AuditFinding> findings = new ArrayList<>(new StagedFooters(session, staging).read(contract.dataset()));
        boolean stagedIsAsLoaded = findings.isEmpty();
        UpsertSums.Comparison comparison = new UpsertSums(session).compare(table, contract.dataset(), mode, snapshot);
        ChangesByOthers others = ChangesByOthers.of(session, contract.dataset(), snapshot);
        findings.addAll(comparison.findings(others));
        boolean explained = others.any() && comparison.isExplainedBy(others);
        return new AuditReport(
                contract.dataset(),
                AuditJudge.verdict(stagedIsAsLoaded, comparison.holds(), explained),
                new AuditReport.Totals(
                        snapshot,
                        sums.staged(),
                        sums.ledger(),
                        new Sums(comparison.lakeFiles(), comparison.lakeRows(), 0, Optional.empty())),
                others,
                findings.subList(0, Math.min(findings.size(), MAX_FINDINGS)),
                List.of(comparison.account()
                        + ". In the mode upsert rows are counted and not hashed: a row that was altered in the"
                        + " lake is not found"));
    }

    private AuditReport appended(Contract contract) {
        DatasetTable table = new DatasetTable(session, contract.dataset());
        long snapshot = session.queryLong(NEWEST);
        HashedColumns columns = HashedColumns.of(contract, table.columns());
        LakeSums sums = new LakeSums(session);
        sums.readLedger(contract.dataset(), snapshot);
        List<AuditFinding> findings = new ArrayList<>(new StagedFooters(session, staging).read(contract.dataset()));
        LakeSums.Comparison comparison = sums.compare(table.sqlName(), columns, snapshot);
        AuditReport.Totals totals =
                new AuditReport.Totals(snapshot, sums.staged(), sums.ledger(), sums.lake(columns.canHash()));
        boolean stagedIsAsLoaded = findings.isEmpty();
        ChangesByOthers others = ChangesByOthers.of(session, contract.dataset(), snapshot);
        boolean explained = false;
        if (!comparison.holds()) {
            RowSearch.Result search = columns.canHash()
                    ? new RowSearch(session, staging).run(table.sqlName(), columns, snapshot)
                    : RowSearch.Result.NONE;
            long ledgerRows = totals.ledger().rows();
            long lakeRows = totals.lake().rows();
            explained = AuditJudge.isExplained(search, others, ledgerRows, lakeRows);
            findings.addAll(AuditJudge.findings(
                    search,
                    others,
                    explained,
                    session.query(SUSPECTS, row -> row.getString(1)),
                    lakeRows - ledgerRows));
        }
        AuditReport.Verdict verdict = AuditJudge.verdict(stagedIsAsLoaded, comparison.holds(), explained);
        List<String> notes = notes(columns, totals.ledger(), sums.olderRows());
        if (columns.canHash() && !comparison.openRowsAreHashed()) {
            notes.add("merged rows are counted and not hashed, since some of them come from such files");
        }
        if (others.any() && verdict == AuditReport.Verdict.BROKEN) {
            notes.add("others have added " + others.rowsAdded() + " rows and deleted " + others.rowsDeleted()
                    + "; which of the rows above are theirs can't be told");
        }
        if (findings.size() > MAX_FINDINGS) {
            notes.add((findings.size() - MAX_FINDINGS) + " more findings");
        }
        return new AuditReport(
                contract.dataset(),
                verdict,
                totals,
                others,
                findings.subList(0, Math.min(findings.size(), MAX_FINDINGS)),
                notes);
    }

    private static List<String> notes(HashedColumns columns, Sums ledger, long olderRows) {
        List<String> notes = new ArrayList<>();
        if (!columns.canHash()) {
            notes.add("the columns " + columns.unknown()
                    + " are of types that no contract can have, so that rows are counted and not hashed");
        }
        if (olderRows > 0) {
            notes.add(olderRows
                    + " rows are not comparable, staged by an older version; their batches are counted and not hashed");
        }
        long unhashed = ledger.rows() - ledger.hashedRows() - olderRows;
        if (unhashed > 0) {
            notes.add(unhashed
                    + " rows were loaded from files without a row hash, under former names of columns, or from"
                    + " decimals of fewer digits; their batches are counted and not hashed");
        }
        return notes;
    }
}
