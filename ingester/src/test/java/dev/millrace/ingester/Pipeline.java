package dev.millrace.ingester;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
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
import dev.millrace.schemas.WriteMode;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** A staging area and a lake of a test's own, on the stand of this run, with the dataset {@code trips} or one that a test brings. */
final class Pipeline {
    static final DatasetName TRIPS = DatasetName.parse("trips");
    static final Duration LEASE = Duration.ofMinutes(5);
    static final IngestSettings SETTINGS =
            new IngestSettings(new BatchLimits(1_000_000, 100, 16), 256_000_000, Duration.ZERO);

    private final Path folder;
    final ObjectStore staging;
    final ObjectStore lakeData;

    Pipeline(Path folder) {
        this.folder = folder;
        this.staging = StoreStand.current().store(folder, "staging");
        this.lakeData = LakeStand.data(folder);
    }

    static Pipeline initialized(Path folder) {
        return initialized(folder, trips());
    }

    static Pipeline initialized(Path folder, Contract contract) {
        Pipeline pipeline = new Pipeline(folder);
        try (LakeSession session = pipeline.session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            new DatasetContract(session, contract).apply();
        }
        return pipeline;
    }

    static Contract trips() {
        return contract(schema().endRecord(), EvolutionPolicy.ADD_COLUMNS);
    }

    static Contract contract(Schema schema, EvolutionPolicy evolution) {
        return new Contract(TRIPS, schema, List.of("day"), List.of("id"), WriteMode.APPEND, evolution);
    }

    static SchemaBuilder.FieldAssembler<Schema> schema() {
        return SchemaBuilder.record("Trip")
                .fields()
                .requiredLong("id")
                .requiredInt("day")
                .optionalString("town");
    }

    LakeSession session(SessionOptions.Access access) {
        return LakeStand.open(folder, access, List.of(staging.root() + "/"));
    }

    /** Stages one file with the ids from {@code first} on. */
    String stage(String producer, int day, long first, int rows) {
        return stage(trips(), producer, day, first, rows);
    }

    String stage(Contract contract, String producer, int day, long first, int rows) {
        List<GenericRecord> trips = new ArrayList<>();
        for (long id = first; id < first + rows; id++) {
            GenericRecord trip = new GenericData.Record(contract.schema());
            trip.put("id", id);
            trip.put("day", day);
            trip.put("town", id % 7 == 0 ? null : "town " + id % 5);
            trips.add(trip);
        }
        return stage(contract, producer, trips);
    }

    String stage(Contract contract, String producer, List<GenericRecord> rows) {
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(staging, contract, new ProducerId(producer), StagingWriterOptions.defaults());
        rows.forEach(writer::write);
        writer.close();
        return writer.staged().get(0).key().toString();
    }

    /** Puts a file there that no writer of ours has made. */
    void putForeign(String name, byte[] content) throws IOException {
        put(TRIPS + "/stranger/" + name, content);
    }

    void put(String key, byte[] content) throws IOException {
        Path file = staging.newSpoolFile(key);
        Files.write(file, content);
        staging.putIfAbsent(key, file);
    }

    byte[] bytes(String key) throws IOException {
        try (InputStream in = staging.open(key)) {
            return in.readAllBytes();
        }
    }

    boolean isStaged(String key) {
        return staging.find(key).isPresent();
    }

    /** A key for a file that no writer of ours has made. */
    static String foreignKey(String name) {
        return TRIPS + "/stranger/" + name + ".parquet";
    }

    static String newKey() {
        return TRIPS + "/stranger/" + BatchId.next() + ".parquet";
    }

    Ingester ingester(LakeSession session, IngestSettings settings, Clock clock, IngestListener listener) {
        return new Ingester(environment(session, clock), settings, listener);
    }

    IngestEnvironment environment(LakeSession session, Clock clock) {
        return new IngestEnvironment(
                session,
                staging,
                lakeData,
                new LeasedRun.Terms(Activity.INGEST, Worker.current(), LEASE, clock, CommitRetry.STANDARD));
    }

    IngestResult.Done ingest() {
        return ingest(SETTINGS, Clock.systemUTC());
    }

    IngestResult.Done ingest(IngestSettings settings, Clock clock) {
        try (LakeSession session = session(SessionOptions.Access.WRITE)) {
            return (IngestResult.Done)
                    ingester(session, settings, clock, IngestListener.NONE).ingest(trips());
        }
    }

    IngestResult.Done ingest(Contract contract, IngestSettings settings, IngestListener listener) {
        try (LakeSession session = session(SessionOptions.Access.WRITE)) {
            return (IngestResult.Done)
                    ingester(session, settings, Clock.systemUTC(), listener).ingest(contract);
        }
    }

    /** Sweeps the staging area with a retention of a day. */
    long sweep(Clock clock) {
        try (LakeSession session = session(SessionOptions.Access.READ)) {
            return new StagingSweep(session, staging, Duration.ofDays(1), clock).run(TRIPS);
        }
    }

    long lakeFilesOnDisk() {
        AtomicLong files = new AtomicLong();
        lakeData.list("main/trips/", page -> files.addAndGet(page.size()));
        return files.get();
    }

    long lakeLong(String sql) {
        try (LakeSession session = session(SessionOptions.Access.READ)) {
            return session.queryLong(sql);
        }
    }

    List<String> lakeTexts(String sql) {
        try (LakeSession session = session(SessionOptions.Access.READ)) {
            return session.query(sql, row -> row.getString(1));
        }
    }
}
