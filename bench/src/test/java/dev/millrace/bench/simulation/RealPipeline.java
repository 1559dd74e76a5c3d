package dev.millrace.bench.simulation;

import dev.millrace.bench.simulation.Move.How;
import dev.millrace.bench.simulation.Move.Who;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.failpoint.FailpointSwitch;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.schemas.WriteMode;
import dev.millrace.staging.Publication;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Makes the moves of a scenario with the real classes, on the stand of this run: each run in a session of its own. */
final class RealPipeline implements AutoCloseable {
    private static final long TARGET_FILE_BYTES = 256_000_000;

    /** Larger than any system gives. */
    private static final long NO_PROCESS = 9_999_999;

    private final Path folder;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final LakeSession observer;
    private final FailpointSwitch.Listening listening;
    private final Map<Who, StoppableRun> runs = new EnumMap<>(Who.class);
    private final Map<Worker, Who> workers = new ConcurrentHashMap<>();
    private final BlockingDeque<LakeSession> idle = new LinkedBlockingDeque<>();
    private Contract contract;
    private long firstSnapshot;
    private Duration turned = Duration.ZERO;

    /** Makes a lake with datasets that are all there before the first run: a session's options are those of when it was opened. */
    RealPipeline(Path folder, List<String> datasets) {
        this.folder = folder;
        this.staging = StoreStand.current().store(folder, "staging");
        this.lakeData = LakeStand.data(folder);
        try (LakeSession session = session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            datasets.forEach(dataset -> {
                Contract made = contract(dataset);
                new DatasetContract(session, made).apply();
            });
        }
        this.observer = session(SessionOptions.Access.READ);
        this.listening = FailpointSwitch.listen(StoppableRun::passed);
    }

    private LakeSession session(SessionOptions.Access access) {
        return LakeStand.open(folder, access, List.of(staging.root() + "/"));
    }

    private static Contract contract(String dataset) {
        return new Contract(
                DatasetName.parse(dataset),
                SchemaBuilder.record("Trip")
                        .fields()
                        .requiredLong("id")
                        .requiredInt("day")
                        .endRecord(),
                List.of("day"),
                List.of("id"),
                WriteMode.APPEND,
                EvolutionPolicy.STRICT);
    }

    /** Begins with one of the datasets. */
    void begin(String dataset) {
        contract = contract(dataset);
        firstSnapshot = newestSnapshot();
        turned = Duration.ZERO;
        runs.clear();
    }

    void make(Move move) {
        if (move instanceof Move.Stage stage) {
            stage(stage);
        } else if (move instanceof Move.StageUnreadable unreadable) {
            stageUnreadable(unreadable.key());
        } else if (move instanceof Move.Wait wait) {
            turned = turned.plus(wait.time());
        } else if (move instanceof Move.GoOn goOn) {
            runs.get(goOn.who()).goOn();
        } else if (move instanceof Move.Run run) {
            Clock clock = Clock.offset(Clock.systemUTC(), turned);
            runs.put(run.who(), StoppableRun.start(run.stop(), () -> run(run, clock)));
        }
    }

    private void run(Move.Run run, Clock clock) {
        LakeSession session = Optional.ofNullable(idle.poll()).orElseGet(() -> session(SessionOptions.Access.WRITE));
        boolean isSound = false;
        try {
            switch (run.who()) {
                case INGESTER_A, INGESTER_B -> ingest(session, terms(Activity.INGEST, run, clock));
                case COMPACTOR ->
                    new Compactor(
                                    new CompactEnvironment(session, lakeData, terms(Activity.COMPACT, run, clock)),
                                    new MergePolicy(TARGET_FILE_BYTES, Duration.ZERO, MergePolicy.Extent.FULL),
                                    Budget.UNLIMITED)
                            .compact(contract);
                case SWEEPER ->
                    new StagingSweep(session, staging, Scenario.RETAIN_STAGED, clock).run(contract.dataset());
            }
            isSound = true;
        } finally {
            if (isSound) {
                idle.add(session);
            } else {
                session.close();
            }
        }
    }

    private void ingest(LakeSession session, LeasedRun.Terms terms) {
        BatchLimits limits = new BatchLimits(TARGET_FILE_BYTES, Scenario.BATCH_FILES, Scenario.BATCH_PARTITIONS);
        new Ingester(
                        new IngestEnvironment(session, staging, lakeData, terms),
                        new IngestSettings(limits, TARGET_FILE_BYTES, Scenario.SETTLE),
                        IngestListener.NONE)
                .ingest(contract);
    }

    private LeasedRun.Terms terms(Activity activity, Move.Run run, Clock clock) {
        Worker current = Worker.current();
        Worker worker =
                switch (run.stop().map(Move.Stop::how).orElse(How.IS_HELD)) {
                    case CRASHES_HERE -> new Worker(current.host(), NO_PROCESS, UUID.randomUUID());
                    case CRASHES_ELSEWHERE -> new Worker("elsewhere", NO_PROCESS, UUID.randomUUID());
                    case THROWS, IS_HELD -> current;
                };
        workers.put(worker, run.who());
        return new LeasedRun.Terms(
                activity,
                worker,
                Scenario.LEASE,
                clock,
                new CommitRetry(20, Duration.ofMillis(1), Duration.ofMillis(20)));
    }

    private void stage(Move.Stage stage) {
        Iterator<BatchId> ids = stage.files().stream()
                .map(file -> new BatchId(file.key().replaceAll(".*/|[.]parquet$", "")))
                .iterator();
        String producer = stage.files().get(0).key().split("/", -1)[1];
        StoppableRun.start(stage.stop(), () -> {
            StagingWriter<GenericRecord> writer = StagingWriter.open(
                    staging,
                    contract,
                    new ProducerId(producer),
                    StagingWriterOptions.defaults()
                            .withPublication(Publication.ON_CLOSE)
                            .withBatchIds(ids::next));
            stage.files().forEach(file -> write(writer, file));
            try {
                writer.close();
            } catch (StoppableRun.Thrown e) {
                writer.close();
            }
        });
    }

    private void write(StagingWriter<GenericRecord> writer, Move.File file) {
        for (long id = file.first(); id < file.first() + file.rows(); id++) {
            GenericRecord row = new GenericData.Record(contract.schema());
            row.put("id", id);
            row.put("day", file.day());
            writer.write(row);
        }
        writer.roll();
    }

    private void stageUnreadable(String key) {
        try {
            Path file = staging.newSpoolFile(key);
            Files.writeString(file, "This is no Parquet file, and never will be one.");
            staging.putIfAbsent(key, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Observation observe() {
        Map<String, String> holders = new TreeMap<>();
        String dataset = contract.dataset().toString();
        observer.query(
                "SELECT activity, holder FROM lake.millrace.lease WHERE holder IS NOT NULL AND dataset = ?",
                row -> holders.put(
                        row.getString(1),
                        workers.get(Worker.parse(row.getString(2))).name()),
                dataset);
        return new Observation(
                stagedKeys(),
                observer.query(
                        "SELECT staged_key || ' ' || status FROM lake.millrace.ledger WHERE dataset = ? ORDER BY ALL",
                        row -> row.getString(1),
                        dataset),
                observer.query("SELECT id FROM lake." + dataset + " ORDER BY id", row -> row.getInt(1)),
                new DatasetTable(observer, contract.dataset()).size().files(),
                newestSnapshot() - firstSnapshot,
                observer.query(
                        "SELECT outcome FROM lake.millrace.run WHERE dataset = ? ORDER BY outcome",
                        row -> row.getString(1),
                        dataset),
                holders);
    }

    private List<String> stagedKeys() {
        List<String> keys = new ArrayList<>();
        staging.list(StagingKey.prefix(contract.dataset()), page -> page.forEach(object -> keys.add(object.key())));
        keys.sort(null);
        return keys;
    }

    private long newestSnapshot() {
        return observer.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
    }

    /** Lets who is still held go on, so that no thread stays behind. */
    @Override
    public void close() {
        runs.values().stream().filter(StoppableRun::isHeld).forEach(StoppableRun::goOn);
        listening.close();
        idle.forEach(LakeSession::close);
        observer.close();
    }
}
