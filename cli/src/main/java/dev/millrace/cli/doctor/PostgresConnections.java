package dev.millrace.cli.doctor;

import java.sql.SQLException;
import java.util.function.Supplier;

/** How many connections are used of those that are allowed: to the server, to the database, and to this user. */
final class PostgresConnections implements Check {
    /** Counts of the statistics, which every user may see; the reserved ones are read by name, as older servers have fewer. */
    private static final String COUNTS = """
            SELECT
                (SELECT sum(numbackends) FROM pg_stat_database),
                current_setting('max_connections')::int
                    - current_setting('superuser_reserved_connections')::int
                    - coalesce(current_setting('reserved_connections', true), '0')::int,
                (SELECT numbackends FROM pg_stat_database WHERE datname = current_database()),
                (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
                (SELECT count(*) FROM pg_stat_activity WHERE usename = session_user),
                (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user)
            """;

    private final Supplier<PostgresConnection> connection;

    PostgresConnections(Supplier<PostgresConnection> connection) {
        this.connection = connection;
    }

    @Override
    public Finding look() throws SQLException {
        return ConnectionsVerdict.of(connection
                .get()
                .one(
                        COUNTS,
                        row -> new ConnectionsVerdict.Seen(
                                new ConnectionsVerdict.Use(row.getLong(1), row.getLong(2)),
                                new ConnectionsVerdict.Use(row.getLong(3), row.getLong(4)),
                                new ConnectionsVerdict.Use(row.getLong(5), row.getLong(6)))));
    }
}
