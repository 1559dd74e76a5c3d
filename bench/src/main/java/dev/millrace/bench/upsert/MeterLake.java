package dev.millrace.bench.upsert;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.SchemaBuilder;

/** A staging area and a lake in a folder, SQLite and directories, with the latest reading of each of many meters. */
final class MeterLake {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final String STAGE = """
            COPY (
                SELECT id, %d::BIGINT AS version, sin(id) * 20 AS reading, md5(id::VARCHAR) AS note
                FROM (%s)
            ) TO %s (FORMAT parquet, COMPRESSION zstd)
            """;

    /** What an ingest took. */
    record Took(Duration whole, Duration longestTransaction, long rows) {}

    private final Path folder;
    private final long targetFileBytes;

    MeterLake(Path folder, long targetFileBytes) {
        this.folder = folder.toAbsolutePath();
        this.targetFileBytes = targetFileBytes;
        DirectoryStore.create(folder.resolve("data"));
        DirectoryStore.create(folder.resolve("staging"));
    }

    static Contract contract(String dataset, WriteMode mode) {
        return new Contract(
                DatasetName.parse(dataset),
                SchemaBuilder.record("Meter")
                        .fields()
                        .requiredLong("id")
                        .requiredLong("version")
                        .requiredDouble("reading")
                        .requiredString("note")
                        .endRecord(),
                List.of(),
                List.of("id"),
                mode,
                EvolutionPolicy.ADD_COLUMNS);
    }

    LakeAddress address() {
        return new LakeAddress(
                new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")),
                folder.resolve("data").toString());
    }

    private LakeSession session(SessionOptions.Access access) {
        return LakeSession.open(
                address(), SessionOptions.of(access).withReadablePlaces(List.of(folder.resolve("staging") + "/")));
    }

    void make(Contract contract) {
        try (LakeSession session = session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            new DatasetContract(session, contract).apply();
        }
    }

    /** @param ids a SELECT that gives the column {@code id} */
    void stage(PlainDuckDb duckDb, Contract contract, long version, String ids) {
        try {
            Path producer = Files.createDirectories(folder.resolve("staging")
                    .resolve(contract.dataset().toString())
                    .resolve("bench"));
            String file = producer.resolve(BatchId.next() + ".parquet").toString();
            duckDb.execute(STAGE.formatted(version, ids, SqlText.literal(file)));
        } catch (IOException e) {
            throw new BenchException("a folder below " + folder + " can't be made", e);
        }
    }

    Took ingest(Contract contract) {
        long[] longest = {0};
        IngestListener listener = new IngestListener() {
            @Override
            public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
                longest[0] = Math.max(longest[0], transaction.toNanos());
            }
        };
        try (LakeSession session = session(SessionOptions.Access.WRITE)) {
            IngestEnvironment environment = new IngestEnvironment(
                    session,
                    DirectoryStore.open(folder.resolve("staging")),
                    DirectoryStore.open(folder.resolve("data")),
                    new LeasedRun.Terms(
                            Activity.INGEST, Worker.current(), LEASE, Clock.systemUTC(), CommitRetry.STANDARD));
            IngestSettings settings =
                    new IngestSettings(new BatchLimits(512_000_000, 5_000, 16), targetFileBytes, Duration.ZERO);
            long begun = System.nanoTime();
            new Ingester(environment, settings, listener).ingest(contract);
            Duration whole = Duration.ofNanos(System.nanoTime() - begun);
            long rows = session.queryLong(
                    "SELECT count(*) FROM " + new DatasetTable(session, contract.dataset()).sqlName());
            return new Took(whole, Duration.ofNanos(longest[0]), rows);
        }
    }

    long lakeFiles(Contract contract) {
        try (LakeSession session = session(SessionOptions.Access.READ)) {
            return new DatasetTable(session, contract.dataset()).size().files();
        }
    }

    /** How many lake files the newest batch has written anew. */
    long rewrittenFiles() {
        try (LakeSession session = session(SessionOptions.Access.READ)) {
            return session.queryLong(
                    "SELECT rewritten_files FROM lake.millrace.upsert ORDER BY committed_at DESC LIMIT 1");
        }
    }

    PlainDuckDb reader() {
        return PlainDuckDb.withLake(
                Optional.empty(), address().catalog(), folder.resolve("data").toString());
    }
}
