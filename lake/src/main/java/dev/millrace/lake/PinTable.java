package dev.millrace.lake;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Reads and changes the pin table. Belongs to its session's thread. */
public final class PinTable {
    private static final String READ = """
            SELECT pin_id, p.snapshot_id, note, pinned_at, pinned_by, expires_at, s.snapshot_id IS NOT NULL
            FROM lake.millrace.pin p LEFT JOIN __ducklake_metadata_lake.ducklake_snapshot s USING (snapshot_id)
            ORDER BY pinned_at, pin_id
            """;
    private static final String HELD = """
            SELECT DISTINCT snapshot_id FROM lake.millrace.pin WHERE expires_at IS NULL OR expires_at > ?
            """;
    private static final String IS_THERE = "SELECT count(*) > 0 FROM lake.millrace.pin WHERE pin_id = ?";
    private static final String INSERT = "INSERT INTO lake.millrace.pin VALUES (?, ?, ?, ?, ?, ?)";
    private static final String DELETE = "DELETE FROM lake.millrace.pin WHERE pin_id = ?";

    /** A pin, and whether its snapshot is there: a pin protects from the next expiry on, not from one before. */
    public record Entry(Pin pin, boolean snapshotIsThere) {}

    private final LakeSession session;

    public PinTable(LakeSession session) {
        this.session = session;
    }

    /** All pins, the oldest first, also those that have ended. */
    public List<Entry> entries() {
        return session.query(READ, PinTable::entry);
    }

    /** The snapshots that a pin keeps at a moment. */
    public List<Long> snapshotsHeldAt(Instant now) {
        return session.query(HELD, row -> row.getLong(1), now);
    }

    boolean isThere(String id) {
        return session.queryOne(IS_THERE, row -> row.getBoolean(1), id).orElseThrow();
    }

    void insert(Pin pin) {
        session.execute(
                INSERT,
                pin.id(),
                pin.snapshot(),
                pin.note(),
                pin.pinnedAt(),
                pin.pinnedBy().toString(),
                pin.until().orElse(null));
    }

    void delete(String id) {
        session.execute(DELETE, id);
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Pin pin = new Pin(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                Worker.parse(row.getString(5)),
                Optional.ofNullable(row.getObject(6, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
        return new Entry(pin, row.getBoolean(7));
    }
}
