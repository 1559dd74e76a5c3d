package dev.millrace.lake;

import dev.millrace.schemas.DatasetName;
import java.time.Instant;

/**
 * The evolution table: one row for each change of a dataset's columns, written in the transaction that makes it. Belongs to its session's
 * thread.
 */
final class EvolutionTable {
    /** The ledger's newest decision tells which hashes were made under the former names. */
    private static final String INSERT = """
            INSERT INTO lake.millrace.evolution
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, (SELECT max(decided_at) FROM lake.millrace.ledger WHERE dataset || '' = ?)
            """;

    private static final String OF_RUN = """
            SELECT count(*) FROM lake.millrace.evolution
            WHERE dataset || '' = ? AND run_id || '' = ? AND change || '' = ? AND subject || '' = ?
            """;

    private final LakeSession session;
    private final DatasetName dataset;

    EvolutionTable(LakeSession session, DatasetName dataset) {
        this.session = session;
        this.dataset = dataset;
    }

    /** Records a change, inside of the caller's transaction. */
    void insert(Evolution evolution, String runId, Instant now) {
        ColumnChange change = evolution.change();
        session.execute(
                INSERT,
                runId,
                dataset.toString(),
                change.word(),
                change.subject(),
                change.type().orElse(null),
                change.formerName().orElse(null),
                evolution.broughtBy().orElse(null),
                now,
                dataset.toString());
    }

    /** Whether a run has made a change. */
    boolean has(Evolution evolution, String runId) {
        return session.queryLong(
                        OF_RUN,
                        dataset.toString(),
                        runId,
                        evolution.change().word(),
                        evolution.change().subject())
                > 0;
    }
}
