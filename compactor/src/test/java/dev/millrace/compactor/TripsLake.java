package dev.millrace.compactor;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetFiles;
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
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.SchemaBuilder;

/** A lake in a test's folder with the dataset trips, which is partitioned by day unless a test wants another contract. */
final class TripsLake implements AutoCloseable {
    static final DatasetName TRIPS = DatasetName.parse("trips");
    static final Contract CONTRACT = contract(TRIPS);

    /** Everything, now. */
    static final MergePolicy FULL = new MergePolicy(1_000_000, Duration.ofHours(12), MergePolicy.Extent.FULL);

    /** Nobody else writes here: what is not committed soon never will be. */
    static final CommitRetry RETRY = new CommitRetry(3, Duration.ofMillis(1), Duration.ofMillis(10));

    private final Path folder;
    private final Contract contract;
    private final ObjectStore data;
    private LakeSession session;

    TripsLake(Path folder) {
        this(folder, CONTRACT);
    }

    TripsLake(Path folder, Contract contract) {
        this.folder = folder;
        this.contract = contract;
        this.data = LakeStand.data(folder);
        this.session = open(SessionOptions.Access.CREATE);
        PipelineTables.install(session);
        add(contract);
    }

    /** For datasets of the same columns. */
    static Contract contract(DatasetName dataset) {
        return new Contract(
                dataset,
                SchemaBuilder.record("Trip")
                        .fields()
                        .requiredLong("id")
                        .requiredInt("day")
                        .endRecord(),
                List.of("day"),
                List.of("id"),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    /** Makes a dataset. */
    void add(Contract another) {
        new DatasetContract(session, another).apply();
        // Options are read when the lake is attached.
        session.reconnect();
    }

    /** Goes on as another process would. */
    void restart() {
        session.close();
        session = open(SessionOptions.Access.WRITE);
    }

    LakeSession session() {
        return session;
    }

    ObjectStore data() {
        return data;
    }

    LakeSession open(SessionOptions.Access access) {
        return LakeStand.open(folder, access);
    }

    static LeasedRun.Terms terms(Clock clock, CommitRetry retry) {
        return terms(Activity.COMPACT, clock, retry);
    }

    static LeasedRun.Terms terms(Activity activity, Clock clock, CommitRetry retry) {
        return new LeasedRun.Terms(activity, Worker.current(), Duration.ofMinutes(5), clock, retry);
    }

    CompactEnvironment environment(Clock clock, CommitRetry retry) {
        return environment(session, clock, retry);
    }

    CompactEnvironment environment(LakeSession another, Clock clock, CommitRetry retry) {
        return new CompactEnvironment(another, data, terms(clock, retry));
    }

    Compactor compactor(MergePolicy policy, Budget budget, Clock clock) {
        return new Compactor(environment(clock, RETRY), policy, budget);
    }

    CompactResult.Done compact(MergePolicy policy) {
        return (CompactResult.Done)
                compactor(policy, Budget.UNLIMITED, Clock.systemUTC()).compact(contract);
    }

    List<PlannedMerge> plan(MergePolicy policy) {
        return compactor(policy, Budget.UNLIMITED, Clock.systemUTC())
                .inspect(contract)
                .plan()
                .merges();
    }

    /** One file for each of some days. */
    void insert(long first, int rows, int days) {
        session.execute(
                "INSERT INTO lake.trips SELECT i, (i % ?)::INTEGER FROM range(?, ?) r(i)", days, first, first + rows);
    }

    /** One file for each of some days, written and registered as an ingest does. */
    void load(Contract another, long first, int rows, int days) {
        data.makeFolder("main/" + another.dataset() + "/");
        DatasetFiles files = new DatasetFiles(session, another, FULL.targetFileBytes());
        List<String> written = files
                .write(
                        "SELECT i AS id, (i % ?)::INTEGER AS day FROM range(?, ?) r(i)",
                        BatchId.next().toString(), days, first, first + rows)
                .stream()
                .map(DatasetFiles.WrittenFile::path)
                .toList();
        files.register(written);
    }

    /** Number and hash of the rows. */
    List<Long> content(LakeSession reader) {
        return contentOf(reader, "lake.trips");
    }

    /** @param table in SQL, perhaps at a snapshot */
    static List<Long> contentOf(LakeSession reader, String table) {
        return reader.query(
                "SELECT count(*) FROM " + table + " UNION ALL SELECT sum(hash(id, day))::HUGEINT % 1000000007 FROM "
                        + table,
                row -> row.getLong(1));
    }

    long files() {
        return new DatasetTable(session, TRIPS).size().files();
    }

    long storedFiles() {
        return storedKeys().size();
    }

    /** The keys of the lake files that there are. */
    Set<String> storedKeys() {
        Set<String> keys = new TreeSet<>();
        data.list("main/trips/", page -> page.forEach(object -> keys.add(object.key())));
        return keys;
    }

    @Override
    public void close() {
        session.close();
    }
}
