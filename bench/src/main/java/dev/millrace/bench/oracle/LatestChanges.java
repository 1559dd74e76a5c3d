package dev.millrace.bench.oracle;

import dev.millrace.lake.LakeSession;

/**
 * The last change of each item, of all staged files that the ledger calls loaded, by the numbers that their producers have noted before they
 * staged them. Stands on the tables of {@link IdentifiedRows}. Belongs to its session's thread.
 */
final class LatestChanges {
    static final String LOST = """
            SELECT item || ':' || sequence AS mistake FROM latest WHERE NOT deletes
                AND sequence NOT IN (SELECT sequence FROM held WHERE in_lake)
            """;
    static final String OUTDATED = """
            SELECT producer || ':' || sequence AS mistake FROM held WHERE in_lake
                AND sequence NOT IN (SELECT sequence FROM latest WHERE NOT deletes)
            """;
    static final String DOUBLED = """
            SELECT 'item ' || %1$s || ' (' || count(*) || ' times)' AS mistake FROM held WHERE in_lake
            GROUP BY %1$s HAVING count(*) > 1
            """.formatted(EventChanges.ITEM);
    static final String CHANGED = "SELECT producer || ':' || sequence AS mistake FROM held WHERE note <> 'made'";
    static final String UNKNOWN = """
            SELECT staged_key AS mistake FROM lake.millrace.ledger
            WHERE dataset = 'events' AND status = 'loaded' AND staged_key NOT IN (SELECT staged_key FROM begun)
            """;
    static final String WRONG_SUMS = """
            SELECT format('{} rows by the producers, {} by the ledger, {} by the batches, which left {} in the lake, where {} are',
                of_producers, of_ledger, of_batches, left_by_batches, in_lake) AS mistake
            FROM (SELECT (SELECT coalesce(sum(last - first + 1), 0)::BIGINT FROM begun WHERE staged_key IN (SELECT staged_key
                        FROM lake.millrace.ledger WHERE dataset = 'events' AND status = 'loaded')) AS of_producers,
                    (SELECT coalesce(sum(rows), 0)::BIGINT FROM lake.millrace.ledger
                        WHERE dataset = 'events' AND status = 'loaded') AS of_ledger,
                    coalesce(sum(staged_rows), 0)::BIGINT AS of_batches,
                    coalesce(sum(written_rows - replaced_rows - deleted_rows), 0)::BIGINT AS left_by_batches,
                    (SELECT count(*) FROM held WHERE in_lake) AS in_lake
                FROM lake.millrace.upsert WHERE dataset = 'events')
            WHERE of_producers <> of_ledger OR of_ledger <> of_batches OR left_by_batches <> in_lake
            """;

    private static final String LATEST = """
            CREATE OR REPLACE TEMP TABLE latest AS
            SELECT %1$s AS item, max(sequence) AS sequence, max_by(%2$s, sequence) AS deletes
            FROM (SELECT unnest(range(first, last + 1)) AS sequence FROM begun WHERE staged_key IN (
                SELECT staged_key FROM lake.millrace.ledger WHERE dataset = 'events' AND status = 'loaded'))
            GROUP BY item
            """.formatted(EventChanges.ITEM, EventChanges.DELETES);

    private final LakeSession session;

    LatestChanges(LakeSession session) {
        this.session = session;
    }

    void read() {
        session.execute(LATEST);
    }
}
