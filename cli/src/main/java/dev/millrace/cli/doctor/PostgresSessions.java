package dev.millrace.cli.doctor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Which sessions hold a transaction open, and for how long. */
final class PostgresSessions implements Check {
    /** Ages by the server's clock. Of other users' sessions a user without pg_read_all_stats sees no state. */
    private static final String SESSIONS = """
            SELECT pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(state, ''),
                coalesce(extract(epoch FROM clock_timestamp() - state_change), 0),
                coalesce(extract(epoch FROM clock_timestamp() - xact_start), 0),
                coalesce(query, '')
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND (backend_type IS NULL OR backend_type = 'client backend')
            ORDER BY xact_start NULLS LAST, pid
            """;

    private final Supplier<PostgresConnection> connection;

    PostgresSessions(Supplier<PostgresConnection> connection) {
        this.connection = connection;
    }

    @Override
    public Finding look() throws SQLException {
        List<SessionVerdict.Session> sessions = connection.get().query(SESSIONS, PostgresSessions::session);
        return SessionVerdict.of(sessions);
    }

    private static SessionVerdict.Session session(ResultSet row) throws SQLException {
        return new SessionVerdict.Session(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                seconds(row.getDouble(5)),
                seconds(row.getDouble(6)),
                QueryLine.of(row.getString(7)));
    }

    static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
    }
}
