package dev.millrace.ingester.audit;

import dev.millrace.ingester.audit.AuditFinding.Kind;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.StatementException;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.RowHashSql;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The loaded files that are still in the staging area, with what their footers say, in the temporary table {@code audit_staged}: the
 * Java heap holds a window of them.
 */
final class StagedFooters {
    private static final int WINDOW = 5_000;

    private static final String LISTED = """
            CREATE OR REPLACE TEMP TABLE audit_listed (staged_key VARCHAR, bytes BIGINT)
            """;
    private static final String ADD_PAGE = """
            INSERT INTO audit_listed SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[])
            """;
    private static final String STAGED = """
            CREATE OR REPLACE TEMP TABLE audit_staged (address VARCHAR, rows BIGINT, row_hash VARCHAR, hash UBIGINT)
            """;
    private static final String THERE = """
            CREATE OR REPLACE TEMP TABLE audit_there AS
            SELECT staged_key, any_value(l.bytes) AS bytes, row_number() OVER (ORDER BY staged_key) AS position
            FROM audit_listed l SEMI JOIN audit_ledger USING (staged_key) GROUP BY staged_key
            """;
    private static final String NEXT = """
            SELECT staged_key FROM audit_there WHERE position > ? AND position <= ? ORDER BY position
            """;
    private static final String ADD_FOOTERS = """
            INSERT INTO audit_staged
            SELECT *, try_cast('0x' || row_hash AS UBIGINT) FROM (
                SELECT parquet_file_metadata[1].file_name, parquet_file_metadata[1].num_rows, %s AS row_hash
                FROM parquet_full_metadata(?))
            """.formatted(RowHashSql.STATED);

    /** What differs from what the ledger says of the same key; the time alone may, after a restore. */
    private static final String CHANGED = """
            SELECT l.staged_key, l.batch_id, l.rows, s.rows, l.staged_bytes, t.bytes
            FROM audit_ledger l JOIN audit_there t USING (staged_key) JOIN audit_staged s ON s.address = ? || l.staged_key
            WHERE l.staged_bytes <> t.bytes OR l.rows <> s.rows OR l.row_hash <> s.row_hash
            ORDER BY l.staged_key
            """;

    private final LakeSession session;
    private final ObjectStore staging;

    StagedFooters(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    /** Reads them, and tells which are not what was loaded. */
    List<AuditFinding> read(DatasetName dataset) {
        session.execute(LISTED);
        staging.list(StagingKey.prefix(dataset), this::add);
        session.execute(THERE);
        session.execute(STAGED);
        List<AuditFinding> findings = new ArrayList<>();
        for (long from = 0; ; from += WINDOW) {
            List<String> window = session.query(NEXT, row -> row.getString(1), from, from + WINDOW);
            if (window.isEmpty()) {
                break;
            }
            addFooters(window, findings);
        }
        findings.addAll(session.query(
                CHANGED,
                row -> new AuditFinding(
                        Kind.STAGED_FILE_CHANGED,
                        row.getString(2),
                        List.of(row.getString(1)),
                        0,
                        "it is not the file that was loaded: then it had " + row.getLong(3) + " rows and "
                                + row.getLong(5) + " bytes, now " + row.getLong(4) + " rows and " + row.getLong(6)
                                + " bytes; what it holds now is not in the lake, stage that under another name"),
                staging.root() + "/"));
        return findings;
    }

    private void add(List<StoredObject> page) {
        List<StoredObject> files = page.stream()
                .filter(object -> StagingKey.classify(object.key()) == StagingKey.Kind.STAGED_FILE)
                .toList();
        if (!files.isEmpty()) {
            session.execute(
                    ADD_PAGE,
                    files.stream().map(StoredObject::key).toList(),
                    files.stream().map(file -> Long.toString(file.sizeBytes())).toList());
        }
    }

    private void addFooters(List<String> keys, List<AuditFinding> findings) {
        try {
            session.execute(ADD_FOOTERS, keys.stream().map(staging::address).toList());
        } catch (StatementException e) {
            e.requireAboutData();
            if (keys.size() > 1) {
                addFooters(keys.subList(0, keys.size() / 2), findings);
                addFooters(keys.subList(keys.size() / 2, keys.size()), findings);
            } else if (staging.find(keys.get(0)).isPresent()) {
                findings.add(new AuditFinding(Kind.STAGED_FILE_UNREADABLE, "", keys, 0, e.firstLine()));
            }
        }
    }
}
