package dev.millrace.bench.compaction;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** What a process of its own does with a lake of small files, so that its memory is its own too. */
enum Task {
    /** Millrace's compaction, with everything that it checks. */
    COMPACT {
        @Override
        Measured run(SmallLake lake, long targetFileBytes, long memoryBytes) {
            try (LakeSession session = lake.session(SessionOptions.Access.WRITE, Optional.of(memoryBytes))) {
                LeasedRun.Terms terms = new LeasedRun.Terms(
                        Activity.COMPACT,
                        Worker.current(),
                        Duration.ofMinutes(5),
                        Clock.systemUTC(),
                        CommitRetry.STANDARD);
                MergePolicy policy = new MergePolicy(targetFileBytes, Duration.ZERO, MergePolicy.Extent.FULL);
                long began = System.nanoTime();
                CompactResult result = new Compactor(
                                new CompactEnvironment(session, lake.store(), terms), policy, Budget.UNLIMITED)
                        .compact(SmallLake.CONTRACT);
                if (!(result instanceof CompactResult.Done done)) {
                    throw new BenchException("nobody else should compact here: " + result);
                }
                return Measured.since(began, done.longestTransaction().toMillis());
            }
        }
    },

    /** DuckLake's own merge, on a catalog of its own that names the same files. */
    ENGINE_MERGE {
        @Override
        Measured run(SmallLake lake, long targetFileBytes, long memoryBytes) {
            try (PlainDuckDb duckDb = PlainDuckDb.withLake(
                    Optional.empty(), lake.copyOfCatalog(), lake.data().toString())) {
                duckDb.execute("SET memory_limit = " + SqlText.literal(memoryBytes + "B"));
                long began = System.nanoTime();
                duckDb.execute("BEGIN");
                duckDb.execute("CALL ducklake_merge_adjacent_files('lake')");
                duckDb.execute("COMMIT");
                Measured measured = Measured.since(began, 0);
                String left = duckDb.text("SELECT count(DISTINCT filename) FROM lake.readings");
                String due = duckDb.text("SELECT count(DISTINCT site) FROM lake.readings");
                if (!left.equals(due)) {
                    throw new BenchException("the engine's merge left " + left + " files of " + due + " partitions");
                }
                return measured;
            }
        }
    },

    /** DuckDB's COPY of all files into a file a partition, sorted as the contract says. */
    COPY {
        @Override
        Measured run(SmallLake lake, long targetFileBytes, long memoryBytes) {
            try (PlainDuckDb duckDb = PlainDuckDb.open()) {
                duckDb.execute("SET memory_limit = " + SqlText.literal(memoryBytes + "B"));
                duckDb.execute("SET temp_directory = "
                        + SqlText.literal(lake.folder().resolve("spill").toString()));
                long began = System.nanoTime();
                duckDb.execute(COPY_ALL.formatted(
                        SqlText.literal(lake.data() + "/main/readings/*/*.parquet"),
                        SqlText.literal(lake.copied().toString())));
                return Measured.since(began, 0);
            }
        }
    };

    private static final String COPY_ALL = """
        COPY (SELECT * FROM read_parquet(%s, hive_partitioning = false) ORDER BY site, id)
        TO %s (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (site), WRITE_PARTITION_COLUMNS true)
        """;

    abstract Measured run(SmallLake lake, long targetFileBytes, long memoryBytes);

    /** Takes the task's name, the lake's folder, and the bytes of a target file and of the engine's memory. */
    public static void main(String[] args) throws IOException {
        Measured measured =
                valueOf(args[0]).run(new SmallLake(Path.of(args[1])), Long.parseLong(args[2]), Long.parseLong(args[3]));
        System.out.println(measured.toText());
    }
}
