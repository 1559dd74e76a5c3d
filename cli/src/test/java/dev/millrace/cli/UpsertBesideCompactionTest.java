package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.WriteMode;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that upserts and compactions that go on at the same time undo nothing of each other, and that neither fails. */
@Tag("slow")
@Tag("stand")
class UpsertBesideCompactionTest {
    /** {@code -Dmillrace.test.rounds=100} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 4);

    private static final int IDS = 50;
    private static final long TARGET_BYTES = 100_000_000;
    private static final Contract METERS = new Contract(
            DatasetName.parse("meters"),
            SchemaBuilder.record("Meter")
                    .fields()
                    .requiredLong("id")
                    .requiredInt("site")
                    .requiredLong("version")
                    .requiredBoolean("gone")
                    .endRecord(),
            List.of("site"),
            List.of("id"),
            new WriteMode.Upsert(List.of("id"), Optional.of("version"), Optional.of("gone")),
            EvolutionPolicy.ADD_COLUMNS);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<Long, String> truth = new TreeMap<>();
    private long version;

    @Test
    void neitherUndoesTheOther() throws Exception {
        ObjectStore staging = StoreStand.current().store(folder, "staging");
        try (LakeSession session = session(staging, SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            new DatasetContract(session, METERS).apply();
        }
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (LakeSession session = session(staging, SessionOptions.Access.WRITE)) {
            Future<?> compactions = thread.submit(() -> compact(staging, done));
            for (int round = 0; round < ROUNDS; round++) {
                stage(staging);
                new Ingester(
                                new IngestEnvironment(session, staging, LakeStand.data(folder), terms(Activity.INGEST)),
                                new IngestSettings(new BatchLimits(TARGET_BYTES, 1, 16), TARGET_BYTES, Duration.ZERO),
                                IngestListener.NONE)
                        .ingest(METERS);
            }
            done.set(true);
            compactions.get();
            assertThat(session.query(
                            "SELECT concat_ws('|', id, site, version) FROM lake.meters ORDER BY id",
                            row -> row.getString(1)))
                    .as("seed %d", seed)
                    .isEqualTo(List.copyOf(truth.values()));
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.step WHERE action = 'merge'"))
                    .isPositive();
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.run WHERE outcome <> 'succeeded'"))
                    .isZero();
        } finally {
            thread.shutdown();
        }
    }

    private void compact(ObjectStore staging, AtomicBoolean done) {
        try (LakeSession session = session(staging, SessionOptions.Access.WRITE)) {
            while (!done.get()) {
                new Compactor(
                                new CompactEnvironment(session, LakeStand.data(folder), terms(Activity.COMPACT)),
                                new MergePolicy(TARGET_BYTES, Duration.ZERO, MergePolicy.Extent.FULL),
                                Budget.UNLIMITED)
                        .compact(METERS);
            }
        }
    }

    /** Some files of rows of all sites, each with a later version than all before. */
    private void stage(ObjectStore staging) {
        for (int file = 0; file < 2; file++) {
            StagingWriter<GenericRecord> writer =
                    StagingWriter.open(staging, METERS, new ProducerId("p"), StagingWriterOptions.defaults());
            for (int i = 0; i < 15; i++) {
                GenericRecord row = new GenericData.Record(METERS.schema());
                long id = random.nextInt(IDS);
                int site = random.nextInt(3);
                boolean gone = random.nextInt(5) == 0;
                version++;
                row.put("id", id);
                row.put("site", site);
                row.put("version", version);
                row.put("gone", gone);
                writer.write(row);
                if (gone) {
                    truth.remove(id);
                } else {
                    truth.put(id, id + "|" + site + "|" + version);
                }
            }
            writer.close();
        }
    }

    private LakeSession session(ObjectStore staging, SessionOptions.Access access) {
        return LakeStand.open(folder, access, List.of(staging.root() + "/"));
    }

    private static LeasedRun.Terms terms(Activity activity) {
        return new LeasedRun.Terms(
                activity, Worker.current(), Duration.ofMinutes(5), Clock.systemUTC(), CommitRetry.STANDARD);
    }
}
