package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What stands in a dataset's staging prefix, held against the ledger.
 *
 * <p>The listing goes page by page into a table of the engine's own memory, which spills to disk, so that the Java heap
 * never holds more than a page or a window.
 */
final class StagingScan {
    private static final String LISTED = """
            CREATE OR REPLACE TEMP TABLE listed (staged_key VARCHAR, bytes BIGINT, modified_at TIMESTAMPTZ)
            """;
    private static final String ADD_PAGE = """
            INSERT INTO listed SELECT unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::TIMESTAMPTZ[])
            """;
    private static final String WAITING = """
            CREATE OR REPLACE TEMP TABLE waiting AS
            WITH known AS MATERIALIZED (
                SELECT staged_key, status, staged_bytes AS bytes, staged_at AS modified_at
                FROM lake.millrace.ledger WHERE dataset || '' = ?)
            SELECT row_number() OVER (ORDER BY modified_at, staged_key) AS position, staged_key, bytes, modified_at,
                CASE WHEN status IS NULL THEN 'NEW'
                    WHEN status = 'released' AND bytes = known_bytes AND modified_at = known_at THEN 'RELEASED'
                    ELSE 'REFUSED_BEFORE' END AS standing
            FROM (SELECT staged_key, arg_max(bytes, modified_at) AS bytes, max(modified_at) AS modified_at
                FROM listed GROUP BY staged_key)
                ANTI JOIN (FROM known WHERE status = 'loaded') USING (staged_key)
                ANTI JOIN (FROM known WHERE status IN ('quarantined', 'dropped')) USING (staged_key, bytes, modified_at)
                LEFT JOIN (SELECT staged_key, status, bytes AS known_bytes, modified_at AS known_at
                    FROM known WHERE status <> 'loaded') USING (staged_key)
            """;
    private static final String TOTALS = """
            SELECT count(*), coalesce(sum(bytes), 0)::BIGINT, min(modified_at) FROM waiting
            """;
    private static final String REFUSED_BEFORE = "SELECT count(*) FROM waiting WHERE standing <> 'NEW'";
    private static final String WINDOW = """
            SELECT staged_key, bytes, modified_at, standing FROM waiting WHERE position > ? AND position <= ? ORDER BY position
            """;
    private static final String DUE = """
            SELECT staged_key FROM listed JOIN lake.millrace.ledger l USING (staged_key)
            WHERE l.dataset || '' = ? AND ((l.status = 'loaded' AND l.decided_at < ?)
                OR (l.status = 'dropped' AND l.staged_bytes = bytes AND l.staged_at = modified_at))
            """;

    private final LakeSession session;
    private final ObjectStore staging;
    private final DatasetName dataset;
    private int engineNumber;
    private long passed;

    StagingScan(LakeSession session, ObjectStore staging, DatasetName dataset) {
        this.session = session;
        this.staging = staging;
        this.dataset = dataset;
    }

    /** Lists the prefix. A key that the store shows twice counts once: else two windows could have it. */
    void list() {
        engineNumber = session.engineNumber();
        session.execute(LISTED);
        staging.list(StagingKey.prefix(dataset), this::add);
    }

    /** Subtracts the ledger as it is now from what was listed; the windows are of this moment, and begin anew. */
    Backlog subtractLedger() {
        if (engineNumber != session.engineNumber()) {
            list();
        }
        passed = 0;
        session.execute(WAITING, dataset.toString());
        return session.queryOne(
                        TOTALS,
                        row -> new Backlog(
                                row.getLong(1),
                                row.getLong(2),
                                Optional.ofNullable(row.getObject(3, OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)))
                .orElseThrow();
    }

    private void add(List<StoredObject> page) {
        List<StoredObject> staged = page.stream()
                .filter(object -> StagingKey.classify(object.key()) != StagingKey.Kind.IGNORED)
                .toList();
        if (!staged.isEmpty()) {
            session.execute(
                    ADD_PAGE,
                    staged.stream().map(StoredObject::key).toList(),
                    staged.stream().map(o -> Long.toString(o.sizeBytes())).toList(),
                    staged.stream().map(o -> o.modifiedAt().toString()).toList());
        }
    }

    /** The next waiting files, oldest first, {@code count} at most; empty when there are no more. */
    List<StagedObject> nextWindow(int count) {
        if (engineNumber != session.engineNumber()) {
            // What was decided on meanwhile is not waiting any more.
            subtractLedger();
        }
        List<StagedObject> window = session.query(
                WINDOW,
                row -> new StagedObject(
                        row.getString(1),
                        row.getLong(2),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        StagedObject.Standing.valueOf(row.getString(4))),
                passed,
                passed + count);
        passed += count;
        return window;
    }

    /** Whether some of what waits was refused before. */
    boolean hasRefusedBefore() {
        return session.queryLong(REFUSED_BEFORE) > 0;
    }

    /** The listed files that were loaded before an instant, and those of which the ledger says that they were dropped. */
    List<String> due(Instant instant) {
        return session.query(DUE, row -> row.getString(1), dataset.toString(), instant);
    }
}
