package dev.millrace.bench;

import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.StagingKey;
import java.time.Duration;
import java.util.Map;

/** DuckLake's own INSERT from the staged files: no ledger, so that running it twice doubles every row. */
record PlainInsert(Stand stand) implements Contender {
    private static final String INSERT = """
            INSERT INTO %s SELECT id, day, read_at, sensor, reading FROM read_parquet(%s, hive_partitioning = false)
            """;

    @Override
    public String name() {
        return "ducklake";
    }

    @Override
    public String description() {
        return "DuckLake: INSERT INTO … SELECT … FROM read_parquet(…)";
    }

    @Override
    public Attempt prepare(Workload workload, DatasetName staged) {
        DatasetName plain = new DatasetName(staged.schema(), staged.table() + "_plain");
        stand.create(workload.contract(plain));
        String table = "lake." + SqlText.identifier(plain.table());
        String insert = INSERT.formatted(
                table, SqlText.literal(stand.staging().root() + "/" + StagingKey.prefix(staged) + "*/*.parquet"));
        PlainDuckDb duckDb = PlainDuckDb.withLake(stand);
        return new Attempt() {
            @Override
            public Map<String, Duration> run() {
                duckDb.execute(insert);
                return Map.of();
            }

            @Override
            public void verify() {
                try (PlainDuckDb reader = PlainDuckDb.withLake(stand)) {
                    reader.content(table).require(workload, "the lake's table '" + plain + "'");
                }
            }

            @Override
            public void close() {
                duckDb.close();
            }
        };
    }
}
