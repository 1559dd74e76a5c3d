package dev.millrace.compactor;

import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Pinning;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A lake with the dataset trips that grows old as fast as a test wants. */
final class AgingLake implements AutoCloseable {
    static final SnapshotRetention RETENTION = new SnapshotRetention(Duration.ofDays(7), 100_000, Duration.ofDays(2));

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

    private final TripsLake lake;
    private long rows;

    AgingLake(Path folder) {
        lake = new TripsLake(folder);
    }

    LakeSession session() {
        return lake.session();
    }

    ObjectStore data() {
        return lake.data();
    }

    /** Another process's session. */
    LakeSession another() {
        return lake.open(SessionOptions.Access.WRITE);
    }

    /** Goes on as another process would. */
    void restart() {
        lake.restart();
    }

    void insert() {
        lake.insert(rows, ROWS_IN_INSERT, 2);
        rows += ROWS_IN_INSERT;
    }

    void compact() {
        lake.compact(TripsLake.FULL);
    }

    SnapshotExpiry.Expired expire() {
        return expire(RETENTION);
    }

    SnapshotExpiry.Expired expire(SnapshotRetention retention) {
        return expiry(session(), retention).run(List.of(TripsLake.TRIPS));
    }

    static SnapshotExpiry expiry(LakeSession session, SnapshotRetention retention) {
        return new SnapshotExpiry(session, retention, Clock.systemUTC(), CommitRetry.STANDARD);
    }

    static Pinning pinning(LakeSession session) {
        return new Pinning(session, Worker.current(), Clock.systemUTC(), CommitRetry.STANDARD);
    }

    /** Makes everything older. */
    void letPass(Duration time) {
        LET_PASS.forEach(statement -> session().execute(statement, time.toSeconds()));
    }

    long newest() {
        return pinning(session()).newestSnapshot();
    }

    Set<Long> snapshots() {
        return new TreeSet<>(session()
                .query("SELECT snapshot_id FROM __ducklake_metadata_lake.ducklake_snapshot", row -> row.getLong(1)));
    }

    /** Number and hash of the rows. */
    List<Long> content() {
        return lake.content(session());
    }

    List<Long> contentAt(long snapshot) {
        return TripsLake.contentOf(session(), "lake.trips AT (VERSION => " + snapshot + ")");
    }

    /** The keys of the lake files that a snapshot names. */
    Set<String> filesOf(long snapshot) {
        return new TreeSet<>(
                session().query(FILES_OF_SNAPSHOT, row -> "main/trips/" + row.getString(1), snapshot, snapshot));
    }

    /** The keys of the lake files that there are. */
    Set<String> files() {
        return lake.storedKeys();
    }

    @Override
    public void close() {
        lake.close();
    }
}
