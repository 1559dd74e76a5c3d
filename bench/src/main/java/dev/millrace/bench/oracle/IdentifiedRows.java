package dev.millrace.bench.oracle;

import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows that were acknowledged, those that wait and those in the lake, by their identity. Belongs to its session's thread. */
final class IdentifiedRows {
    static final String LOST = """
            SELECT producer || ':' || sequence AS mistake FROM acknowledged_row ANTI JOIN held USING (producer, sequence)
            ANTI JOIN deleted_row USING (producer, sequence)
            """;
    static final String DOUBLED = """
            SELECT producer || ':' || sequence || ' (' || sum(in_lake::INT) || ' times in the lake, '
                || sum((NOT in_lake)::INT) || ' times waiting)' AS mistake
            FROM held GROUP BY producer, sequence HAVING count(*) > 1
            """;
    static final String CHANGED = """
            SELECT producer || ':' || sequence AS mistake FROM held LEFT JOIN updated_row USING (producer, sequence)
            WHERE note <> CASE WHEN is_updated THEN 'updated' ELSE 'made' END
            """;
    static final String WRONGLY_DELETED = """
            SELECT staged_key AS mistake FROM acknowledged ANTI JOIN staged USING (staged_key)
            WHERE staged_key NOT IN (
                SELECT staged_key FROM lake.millrace.ledger WHERE dataset = 'events' AND status = 'loaded')
            """;
    static final String LEDGER_TWICE = """
            SELECT staged_key AS mistake FROM lake.millrace.ledger WHERE dataset = 'events'
            GROUP BY staged_key HAVING count(*) > 1
            """;
    static final String QUARANTINED = """
            SELECT staged_key || ': ' || message AS mistake FROM lake.millrace.ledger
            WHERE dataset = 'events' AND status = 'quarantined'
            """;
    static final String LEDGER_SUM = """
            SELECT coalesce(sum(rows), 0)::BIGINT FROM lake.millrace.ledger
            WHERE dataset = 'events' AND status = 'loaded'
            """;

    private static final String LOG = """
            CREATE OR REPLACE TEMP TABLE %s (producer VARCHAR, first BIGINT, last BIGINT, staged_key VARCHAR)
            """;
    private static final String ADD_TO_LOG = """
            INSERT INTO %s
            SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::BIGINT[]), unnest(?::VARCHAR[])
            """;
    private static final String ACKNOWLEDGED_ROWS = """
            CREATE OR REPLACE TEMP TABLE acknowledged_row AS
            SELECT producer, unnest(range(first, last + 1)) AS sequence FROM acknowledged
            """;
    private static final String STAGED = "CREATE OR REPLACE TEMP TABLE staged (staged_key VARCHAR, address VARCHAR)";
    private static final String ADD_STAGED = "INSERT INTO staged SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])";
    private static final String WAITING = """
            SELECT address FROM staged
            ANTI JOIN (SELECT staged_key FROM lake.millrace.ledger WHERE dataset = 'events') USING (staged_key)
            """;
    private static final String HELD = """
            CREATE OR REPLACE TEMP TABLE held (producer VARCHAR, sequence BIGINT, note VARCHAR, in_lake BOOLEAN)
            """;
    /** What a note tells of its row: as it was made, as an analyst has updated it, or neither. */
    private static final String NOTE = """
            CASE note WHEN md5(producer || ':' || sequence) THEN 'made'
                WHEN 'u' || substr(md5(producer || ':' || sequence), 2) THEN 'updated' ELSE 'broken' END
            """;

    private static final String ADD_WAITING = """
            INSERT INTO held SELECT producer, sequence, %s, false FROM read_parquet(?, hive_partitioning = false)
            """.formatted(NOTE);
    private static final String ADD_LAKE = """
            INSERT INTO held SELECT producer, sequence, %s, true FROM %s
            """;
    private static final int PAGE = 10_000;

    private final LakeSession session;
    private final ObjectStore staging;

    IdentifiedRows(LakeSession session, ObjectStore staging) {
        this.session = session;
        this.staging = staging;
    }

    void readAcknowledged(Path logs) {
        read(logs, "acknowledged");
        session.execute(ACKNOWLEDGED_ROWS);
    }

    /** What was going to be staged, into the table {@code begun}. */
    void readBegun(Path logs) {
        read(logs, "begun");
    }

    private void read(Path logs, String table) {
        session.execute(LOG.formatted(table));
        List<AcknowledgedLog.Rows> page = new ArrayList<>();
        AcknowledgedLog.readAll(logs, rows -> {
            page.add(rows);
            if (page.size() == PAGE) {
                add(page, table);
                page.clear();
            }
        });
        add(page, table);
    }

    private void add(List<AcknowledgedLog.Rows> page, String table) {
        session.execute(
                ADD_TO_LOG.formatted(table),
                page.stream().map(AcknowledgedLog.Rows::producer).toList(),
                page.stream().map(rows -> Long.toString(rows.first())).toList(),
                page.stream().map(rows -> Long.toString(rows.last())).toList(),
                page.stream().map(AcknowledgedLog.Rows::stagedKey).toList());
    }

    /** Lists the staging area, and reads the files that the ledger does not know. */
    void readWaiting() {
        session.execute(STAGED);
        staging.list(StagingKey.prefix(EventRows.DATASET), page -> {
            List<String> keys = page.stream()
                    .map(object -> object.key())
                    .filter(key -> StagingKey.classify(key) == StagingKey.Kind.STAGED_FILE)
                    .toList();
            session.execute(
                    ADD_STAGED, keys, keys.stream().map(staging::address).toList());
        });
        session.execute(HELD);
        List<String> waiting = session.query(WAITING, row -> row.getString(1));
        if (!waiting.isEmpty()) {
            session.execute(ADD_WAITING, waiting);
        }
    }

    void readLake() {
        session.execute(ADD_LAKE.formatted(NOTE, new DatasetTable(session, EventRows.DATASET).sqlName()));
    }

    long acknowledged() {
        return session.queryLong("SELECT count(*) FROM acknowledged_row");
    }

    long inLake() {
        return session.queryLong("SELECT count(*) FROM held WHERE in_lake");
    }

    long waiting() {
        return session.queryLong("SELECT count(*) FROM held WHERE NOT in_lake");
    }
}
