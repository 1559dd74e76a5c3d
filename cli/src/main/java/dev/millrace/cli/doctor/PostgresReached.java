package dev.millrace.cli.doctor;

import dev.millrace.lake.PostgresAddress;
import java.sql.SQLException;
import java.util.function.Supplier;

/** Whether the catalog's PostgreSQL lets this user in; opens the connection of the checks after it. */
final class PostgresReached implements Check {
    private static final String WHO = """
            SELECT current_user, pg_is_in_recovery(), pg_has_role('pg_read_all_stats', 'usage')
            """;

    private final Supplier<PostgresAddress> address;
    private final Opened<PostgresConnection> opened;

    PostgresReached(Supplier<PostgresAddress> address, Opened<PostgresConnection> opened) {
        this.address = address;
        this.opened = opened;
    }

    @Override
    public Finding look() throws Exception {
        PostgresAddress where = address.get();
        PostgresConnection connection;
        try {
            connection = PostgresConnection.open(where);
        } catch (SQLException e) {
            return PostgresRefusal.finding(where, e);
        }
        opened.keep(connection);
        return connection.one(WHO, row -> {
            String who = where + " lets '" + row.getString(1) + "' in"
                    + (row.getBoolean(3) ? "" : "; what other users do is hidden from it (it lacks pg_monitor)");
            return row.getBoolean(2)
                    ? Finding.warning(
                            who + "; it is a standby, which can only be read",
                            "name the primary in lake.catalog: nothing can be ingested here")
                    : Finding.ok(who);
        });
    }
}
