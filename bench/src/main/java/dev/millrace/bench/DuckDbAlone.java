package dev.millrace.bench;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import java.time.Duration;
import java.util.Map;

/** DuckDB without a lake: one COPY from the staged files to Parquet files laid out as the dataset's are. */
record DuckDbAlone(Stand stand) implements Contender {
    private static final String COPY = """
            COPY (SELECT id, day, read_at, sensor, reading FROM read_parquet(%s, hive_partitioning = false) ORDER BY %s)
            TO %s (FORMAT parquet, COMPRESSION zstd, FILENAME_PATTERN 'alone-{i}', OVERWRITE_OR_IGNORE true, RETURN_STATS, %s)
            """;
    private static final String PARTITIONED = "PARTITION_BY (day), WRITE_PARTITION_COLUMNS true";
    private static final String UNPARTITIONED = "FILE_SIZE_BYTES 256000000";

    @Override
    public String name() {
        return "duckdb";
    }

    @Override
    public String description() {
        return "DuckDB alone: COPY (SELECT … FROM read_parquet(…) ORDER BY …) TO …";
    }

    @Override
    public Attempt prepare(Workload workload, DatasetName staged) {
        String target = stand.lakeData().root() + "/alone/" + staged;
        String copy = COPY.formatted(
                SqlText.literal(stand.staging().root() + "/" + StagingKey.prefix(staged) + "*/*.parquet"),
                workload.partitioned() ? "day, read_at, sensor" : "read_at, sensor",
                SqlText.literal(target),
                workload.partitioned() ? PARTITIONED : UNPARTITIONED);
        PlainDuckDb duckDb = PlainDuckDb.open(stand);
        return new Attempt() {
            @Override
            public Map<String, Duration> run() {
                duckDb.execute(copy);
                return Map.of();
            }

            @Override
            public void verify() {
                String written = target + (workload.partitioned() ? "/*/*.parquet" : "/*.parquet");
                try (PlainDuckDb reader = PlainDuckDb.open(stand)) {
                    reader.content("read_parquet(" + SqlText.literal(written) + ", hive_partitioning = false)")
                            .require(workload, target);
                }
            }

            @Override
            public void close() {
                duckDb.close();
            }
        };
    }
}
