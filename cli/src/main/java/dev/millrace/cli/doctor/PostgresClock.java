package dev.millrace.cli.doctor;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Supplier;

/** How far PostgreSQL's clock is from this machine's. */
final class PostgresClock implements Check {
    private static final String NOW = "SELECT clock_timestamp()";

    private final Supplier<PostgresConnection> connection;
    private final Clock clock;

    PostgresClock(Supplier<PostgresConnection> connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Finding look() throws SQLException {
        Instant before = clock.instant();
        Instant there = connection
                .get()
                .one(NOW, row -> row.getObject(1, OffsetDateTime.class))
                .toInstant();
        Duration half = Duration.between(before, clock.instant()).dividedBy(2);
        return ClockVerdict.of(Duration.between(before.plus(half), there), "PostgreSQL");
    }
}
