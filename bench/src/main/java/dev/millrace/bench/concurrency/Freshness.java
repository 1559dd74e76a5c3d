package dev.millrace.bench.concurrency;

import dev.millrace.lake.LakeSession;

/** How long rows waited: from the moment that the store says a file was staged until it was decided to be loaded, by the ledger. */
record Freshness(double medianMillis, double percentile99Millis) {
    static final Freshness NONE = new Freshness(0, 0);

    private static final String WAITED = """
            SELECT coalesce(quantile_cont(waited, 0.5), 0)::DOUBLE, coalesce(quantile_cont(waited, 0.99), 0)::DOUBLE
            FROM (SELECT epoch_us(decided_at) / 1e3 - epoch_us(staged_at) / 1e3 AS waited
                FROM lake.millrace.ledger WHERE dataset = 'events' AND status = 'loaded')
            """;

    static Freshness of(LakeSession session) {
        return session.queryOne(WAITED, row -> new Freshness(row.getDouble(1), row.getDouble(2)))
                .orElseThrow();
    }
}
