package dev.millrace.cli.doctor;

import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether dead rows are cleared away from the catalog's tables. */
final class PostgresVacuum implements Check {
    private static final String AUTOVACUUM = """
            SELECT current_setting('autovacuum')::boolean AND current_setting('track_counts')::boolean
            """;
    private static final String TABLES = """
            SELECT s.relname, s.n_live_tup, s.n_dead_tup, greatest(s.last_vacuum, s.last_autovacuum)
            FROM pg_stat_all_tables s
            WHERE s.relname LIKE 'ducklake\\_%'
                AND s.schemaname = (
                    SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.oid = to_regclass('ducklake_metadata'))
            ORDER BY s.n_dead_tup DESC, s.relname
            """;

    private final Supplier<PostgresConnection> connection;
    private final Clock clock;

    PostgresVacuum(Supplier<PostgresConnection> connection, Clock clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Finding look() throws SQLException {
        boolean autovacuum = connection.get().one(AUTOVACUUM, row -> row.getBoolean(1));
        List<VacuumVerdict.Table> tables = connection
                .get()
                .query(
                        TABLES,
                        row -> new VacuumVerdict.Table(
                                row.getString(1),
                                row.getLong(2),
                                row.getLong(3),
                                Optional.ofNullable(row.getObject(4, OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)));
        return VacuumVerdict.of(autovacuum, tables, clock.instant());
    }
}
