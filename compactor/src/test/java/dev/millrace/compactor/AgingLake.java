package dev.millrace.compactor;

import dev.millrace.lake.Activity;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.Pinning;
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
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.SchemaBuilder;

/** A lake with one dataset, in a folder of a test's own, that grows old as fast as a test wants. */
final class AgingLake implements AutoCloseable {
    static final DatasetName TRIPS = DatasetName.parse("trips");
    static final SnapshotRetention RETENTION = new SnapshotRetention(Duration.ofDays(7), 100_000, Duration.ofDays(2));

    private static final Contract CONTRACT = new Contract(
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
    private static final int ROWS_IN_INSERT = 20;
    private static final String FILES_OF_SNAPSHOT = """
            SELECT path FROM __ducklake_metadata_lake.ducklake_data_file
            WHERE begin_snapshot <= ? AND (end_snapshot > ? OR end_snapshot IS NULL)
            """;

    /** The engine notes times by its own clock, which nobody can turn: so what it has noted is moved back. */
    private static final List<String> LET_PASS = List.of("""
            UPDATE __ducklake_metadata_lake.ducklake_snapshot
            SET snapshot_time = (snapshot_time::TIMESTAMPTZ - to_seconds(?))::VARCHAR
            """, """
            UPDATE __ducklake_metadata_lake.ducklake_files_scheduled_for_deletion
            SET schedule_start = (schedule_start::TIMESTAMPTZ - to_seconds(?))::VARCHAR
            """);

    private final Path folder;
    private final ObjectStore data;
    private LakeSession session;
    private long rows;

    AgingLake(Path folder) {
        this.folder = folder;
        this.data = LakeStand.data(folder);
        this.session = LakeStand.open(folder, SessionOptions.Access.CREATE);
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

    /** Another process's session. */
    LakeSession another() {
        return LakeStand.open(folder, SessionOptions.Access.WRITE);
    }

    /** Goes on as another process would. */
    void restart() {
        session.close();
        session = another();
    }

    void insert() {
        session.execute(
                "INSERT INTO lake.trips SELECT i, (i % 2)::INTEGER FROM range(?, ?) r(i)", rows, rows + ROWS_IN_INSERT);
        rows += ROWS_IN_INSERT;
    }

    void compact() {
        LeasedRun.Terms terms = new LeasedRun.Terms(
                Activity.COMPACT, Worker.current(), Duration.ofMinutes(5), Clock.systemUTC(), CommitRetry.STANDARD);
        new Compactor(
                        new CompactEnvironment(session, data, terms),
                        new MergePolicy(1_000_000, Duration.ZERO, MergePolicy.Extent.FULL),
                        Budget.UNLIMITED)
                .compact(CONTRACT);
    }

    SnapshotExpiry.Expired expire() {
        return expire(RETENTION);
    }

    SnapshotExpiry.Expired expire(SnapshotRetention retention) {
        return expiry(session, retention).run(List.of(TRIPS));
    }

    static SnapshotExpiry expiry(LakeSession session, SnapshotRetention retention) {
        return new SnapshotExpiry(session, retention, Clock.systemUTC(), CommitRetry.STANDARD);
    }

    static Pinning pinning(LakeSession session) {
        return new Pinning(session, Worker.current(), Clock.systemUTC(), CommitRetry.STANDARD);
    }

    /** Makes everything older. */
    void letPass(Duration time) {
        LET_PASS.forEach(statement -> session.execute(statement, time.toSeconds()));
    }

    long newest() {
        return pinning(session).newestSnapshot();
    }

    Set<Long> snapshots() {
        return new TreeSet<>(session.query(
                "SELECT snapshot_id FROM __ducklake_metadata_lake.ducklake_snapshot", row -> row.getLong(1)));
    }

    /** Number and hash of the rows. */
    List<Long> content() {
        return contentOf("lake.trips");
    }

    List<Long> contentAt(long snapshot) {
        return contentOf("lake.trips AT (VERSION => " + snapshot + ")");
    }

    private List<Long> contentOf(String table) {
        return session.query(
                "SELECT count(*) FROM " + table + " UNION ALL SELECT sum(hash(id, day))::HUGEINT % 1000000007 FROM "
                        + table,
                row -> row.getLong(1));
    }

    /** The keys of the lake files that a snapshot names. */
    Set<String> filesOf(long snapshot) {
        return new TreeSet<>(
                session.query(FILES_OF_SNAPSHOT, row -> "main/trips/" + row.getString(1), snapshot, snapshot));
    }

    /** The keys of the lake files that there are. */
    Set<String> files() {
        Set<String> keys = new TreeSet<>();
        data.list("main/trips/", page -> page.forEach(object -> keys.add(object.key())));
        return keys;
    }

    @Override
    public void close() {
        session.close();
    }
}
