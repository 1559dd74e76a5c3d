package dev.millrace.bench.concurrency;

import dev.millrace.bench.PlainDuckDb;

/**
 * What a lake holds at the end of a run, asked by a session that knows nothing of Millrace.
 *
 * @param rows counted by reading them
 * @param distinctRows by producer and sequence
 * @param catalogRows the sum of the catalog's own {@code ducklake_data_file.record_count} without what its delete files delete
 * @param files the lake files of the newest snapshot
 */
record LakeState(long rows, long distinctRows, long catalogRows, long files, long snapshots) {
    private static final String CONTENT = """
            SELECT count(producer || note), count(DISTINCT (producer, sequence)) FROM lake.events
            """;
    private static final String CATALOG = """
            SELECT count(*), coalesce(sum(f.record_count - coalesce(d.delete_count, 0)), 0)::BIGINT
            FROM __ducklake_metadata_lake.ducklake_data_file f
            JOIN __ducklake_metadata_lake.ducklake_table t USING (table_id)
            LEFT JOIN __ducklake_metadata_lake.ducklake_delete_file d
                ON d.data_file_id = f.data_file_id AND d.end_snapshot IS NULL
            WHERE t.table_name = 'events' AND t.end_snapshot IS NULL AND f.end_snapshot IS NULL
            """;
    private static final String SNAPSHOTS = "SELECT count(*) FROM lake.snapshots()";

    private record Pair(long first, long second) {}

    static LakeState of(Site site) {
        try (PlainDuckDb duckDb =
                PlainDuckDb.withLake(site.s3(), site.catalog(), site.lakeData().root())) {
            Pair content = duckDb.single(CONTENT, row -> new Pair(row.getLong(1), row.getLong(2)));
            Pair catalog = duckDb.single(CATALOG, row -> new Pair(row.getLong(1), row.getLong(2)));
            long snapshots = duckDb.single(SNAPSHOTS, row -> row.getLong(1));
            return new LakeState(content.first(), content.second(), catalog.second(), catalog.first(), snapshots);
        }
    }
}
