package dev.millrace.compactor;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.SchemaBuilder;

/** A lake in a test's folder with the dataset trips, partitioned by day. */
final class TripsLake implements AutoCloseable {
    static final DatasetName TRIPS = DatasetName.parse("trips");
    static final Contract CONTRACT = new Contract(
            TRIPS,
            SchemaBuilder.record("Trip")
                    .fields()
                    .requiredLong("id")
                    .requiredInt("day")
                    .endRecord(),
            List.of("day"),
            List.of("id"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);

    /** Everything, now. */
    static final MergePolicy FULL = new MergePolicy(1_000_000, Duration.ofHours(12), MergePolicy.Extent.FULL);

    /** Nobody else writes here: what is not committed soon never will be. */
    static final CommitRetry RETRY = new CommitRetry(3, Duration.ofMillis(1), Duration.ofMillis(10));

    private final Path folder;
    private final ObjectStore data;
    private final LakeSession session;

    TripsLake(Path folder) {
        this.folder = folder;
        this.data = LakeStand.data(folder);
        this.session = open(SessionOptions.Access.CREATE);
        PipelineTables.install(session);
        new DatasetTable(session, TRIPS).apply(CONTRACT);
        session.reconnect();
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
        return new LeasedRun.Terms(Activity.COMPACT, Worker.current(), Duration.ofMinutes(5), clock, retry);
    }

    CompactEnvironment environment(Clock clock, CommitRetry retry) {
        return new CompactEnvironment(session, data, terms(clock, retry));
    }

    Compactor compactor(MergePolicy policy, Budget budget, Clock clock) {
        return new Compactor(environment(clock, RETRY), policy, budget);
    }

    CompactResult.Done compact(MergePolicy policy) {
        return (CompactResult.Done)
                compactor(policy, Budget.UNLIMITED, Clock.systemUTC()).compact(CONTRACT);
    }

    List<PlannedMerge> plan(MergePolicy policy) {
        return compactor(policy, Budget.UNLIMITED, Clock.systemUTC())
                .inspect(CONTRACT)
                .plan()
                .merges();
    }

    /** One file for each of some days. */
    void insert(long first, int rows, int days) {
        session.execute(
                "INSERT INTO lake.trips SELECT i, (i % ?)::INTEGER FROM range(?, ?) r(i)", days, first, first + rows);
    }

    List<Long> content(LakeSession reader) {
        return reader.query(
                "SELECT sum(hash(id, day))::HUGEINT % 1000000007 FROM lake.trips UNION ALL SELECT count(*) FROM lake.trips",
                row -> row.getLong(1));
    }

    long files() {
        return new DatasetTable(session, TRIPS).size().files();
    }

    long storedFiles() {
        AtomicLong files = new AtomicLong();
        data.list("main/trips/", page -> files.addAndGet(page.size()));
        return files.get();
    }

    @Override
    public void close() {
        session.close();
    }
}
