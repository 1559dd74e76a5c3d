package dev.millrace.cli.doctor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/** Who waits for whom in the catalog's database. */
final class PostgresLocks implements Check {
    /**
     * One row for each pair. {@code pg_blocking_pids} stops all locking for a moment, so it is asked only about those that wait. Who
     * waits since when is told from version 14 on, for older ones since when the query runs.
     */
    private static final String BLOCKED = """
            WITH waiting AS (
                SELECT l.pid, min(l.mode) AS mode, min(coalesce(l.relation::regclass::text, l.locktype)) AS target,
                    min((to_jsonb(l) ->> 'waitstart')::timestamptz) AS since
                FROM pg_locks l JOIN pg_database d ON d.datname = current_database()
                WHERE NOT l.granted AND (l.database = d.oid OR l.database IS NULL)
                GROUP BY l.pid
            )
            SELECT w.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), w.mode, w.target,
                coalesce(extract(epoch FROM clock_timestamp() - coalesce(w.since, a.query_start)), 0),
                coalesce(a.query, ''),
                b.pid, coalesce(h.usename, ''), coalesce(h.application_name, ''), coalesce(h.state, ''),
                coalesce(extract(epoch FROM clock_timestamp() - h.xact_start), 0), coalesce(h.query, '')
            FROM waiting w
            JOIN pg_stat_activity a ON a.pid = w.pid AND a.datname = current_database()
            CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS b(pid)
            LEFT JOIN pg_stat_activity h ON h.pid = b.pid
            ORDER BY 6 DESC, 1, 8
            """;

    private final Supplier<PostgresConnection> connection;

    PostgresLocks(Supplier<PostgresConnection> connection) {
        this.connection = connection;
    }

    @Override
    public Finding look() throws SQLException {
        List<LockVerdict.Wait> waits = connection.get().query(BLOCKED, PostgresLocks::read);
        return LockVerdict.of(waits);
    }

    private static LockVerdict.Wait read(ResultSet row) throws SQLException {
        return new LockVerdict.Wait(
                new LockVerdict.Party(
                        row.getLong(1), row.getString(2), row.getString(3), QueryLine.of(row.getString(7))),
                row.getString(4) + " on " + row.getString(5),
                PostgresSessions.seconds(row.getDouble(6)),
                new LockVerdict.Party(
                        row.getLong(8), row.getString(9), row.getString(10), QueryLine.of(row.getString(13))),
                row.getString(11),
                PostgresSessions.seconds(row.getDouble(12)));
    }
}
