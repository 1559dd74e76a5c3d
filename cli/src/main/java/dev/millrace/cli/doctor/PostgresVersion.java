package dev.millrace.cli.doctor;

import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Supplier;

/** Which PostgreSQL it is. */
final class PostgresVersion implements Check {
    private static final String VERSION = "SELECT current_setting('server_version_num')::int";

    private final Supplier<PostgresConnection> connection;
    private final Clock clock;

    PostgresVersion(Supplier<PostgresConnection> connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Finding look() throws SQLException {
        int number = connection.get().one(VERSION, row -> row.getInt(1));
        return PostgresVersionVerdict.of(number, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }
}
