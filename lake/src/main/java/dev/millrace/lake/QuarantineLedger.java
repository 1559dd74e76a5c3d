package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import dev.millrace.schemas.DatasetName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The ledger's rows of files that were refused. Belongs to its session's thread. */
public final class QuarantineLedger {
    private static final String REFUSED = """
            SELECT dataset, staged_key, staged_bytes, staged_at, footer_id, status, reason, message, batch_id, run_id, decided_at,
                changed_by, changed_at, (SELECT any_value(worker) FROM lake.millrace.run r WHERE r.run_id = l.run_id)
            FROM lake.millrace.ledger l
            WHERE status IN ('quarantined', 'waiting', 'released', 'dropped')
            """;
    private static final String OF_DATASET = REFUSED + "AND dataset = ? ORDER BY decided_at, staged_key";
    private static final String OF_ALL = REFUSED + "ORDER BY dataset, decided_at, staged_key";
    private static final String STATUS = """
            SELECT status FROM lake.millrace.ledger WHERE staged_key = ?
            """;
    private static final String CHANGE = """
            UPDATE lake.millrace.ledger SET status = ?, changed_by = ?, changed_at = ?
            WHERE dataset = ? AND status IN ('quarantined', 'waiting', 'released', 'dropped')
                AND staged_key IN (SELECT unnest(?::VARCHAR[]))
            """;
    private static final String CHANGED_BY = """
            SELECT count(*) FROM lake.millrace.ledger WHERE dataset = ? AND changed_by = ?
            """;

    private final LakeSession session;

    public QuarantineLedger(LakeSession session) {
        this.session = session;
    }

    /** The refused files of a dataset, in the order of the decisions; those that were dropped or wait again as well. */
    public List<RefusedFile> files(DatasetName dataset) {
        return session.query(OF_DATASET, QuarantineLedger::file, dataset.toString());
    }

    /** The refused files of all datasets. */
    public List<RefusedFile> files() {
        return session.query(OF_ALL, QuarantineLedger::file);
    }

    /** What the ledger says of any staged file; absent for one that it does not know. */
    public Optional<LedgerStatus> status(String stagedKey) {
        return session.query(STATUS, row -> LedgerStatus.of(row.getString(1)), stagedKey).stream()
                .findFirst();
    }

    /** Gives refused files another status, inside of the caller's transaction. */
    public void change(DatasetName dataset, List<String> stagedKeys, LedgerStatus status, RefusedFile.Change change) {
        Failpoint.BEFORE_INSERT_LEDGER.pass();
        long changed =
                session.update(CHANGE, status.word(), change.runId(), change.at(), dataset.toString(), stagedKeys);
        if (changed != stagedKeys.size()) {
            throw new LakeException("dataset '" + dataset + "': " + changed + " of " + stagedKeys.size()
                    + " refused files are in the ledger. Nothing was changed; look at 'millrace quarantine list' and"
                    + " try again");
        }
        Failpoint.AFTER_INSERT_LEDGER.pass();
    }

    /** Whether a run's change has committed. */
    public boolean hasChangeOf(DatasetName dataset, String runId) {
        return session.queryLong(CHANGED_BY, dataset.toString(), runId) > 0;
    }

    private static RefusedFile file(ResultSet row) throws SQLException {
        RefusedFile.Verdict verdict = new RefusedFile.Verdict(
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                Optional.ofNullable(row.getString(14)),
                instant(row, 11));
        Optional<RefusedFile.Change> change = row.getString(12) == null
                ? Optional.empty()
                : Optional.of(new RefusedFile.Change(row.getString(12), instant(row, 13)));
        return new RefusedFile(
                DatasetName.parse(row.getString(1)),
                new LedgerEntry.Identity(
                        row.getString(2), row.getLong(3), instant(row, 4), Optional.ofNullable(row.getString(5))),
                LedgerStatus.of(row.getString(6)),
                verdict,
                change);
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
