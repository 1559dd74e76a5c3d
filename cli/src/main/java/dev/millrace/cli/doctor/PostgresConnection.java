package dev.millrace.cli.doctor;

import dev.millrace.lake.PostgresAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * A connection to the catalog's PostgreSQL for looking at it beside the engine: read only, and impatient, so that no look waits in
 * a queue that it would make longer. For one thread.
 */
final class PostgresConnection implements AutoCloseable {
    /** A row of a result. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    static final String APPLICATION = "millrace doctor";

    private static final String SETTINGS = """
            SET default_transaction_read_only = on;
            SET statement_timeout = '2s';
            SET lock_timeout = '500ms';
            SET TimeZone = 'UTC'
            """;
    /** Connecting and logging in, each at its longest, give up before. */
    static final Duration LONGEST_LOGIN = Duration.ofSeconds(5);

    private static final int CONNECT_SECONDS = 3;
    private static final int ANSWER_SECONDS = 3;

    private final Connection connection;

    private PostgresConnection(Connection connection) {
        this.connection = connection;
    }

    static PostgresConnection open(PostgresAddress address) throws SQLException {
        Properties properties = address.jdbcProperties();
        properties.setProperty("ApplicationName", APPLICATION);
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", Integer.toString(ANSWER_SECONDS));
        properties.setProperty("cancelSignalTimeout", Integer.toString(1));
        Connection connection = new Driver().connect(address.jdbcUrl(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS);
            return new PostgresConnection(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    <T> List<T> query(String sql, RowReader<T> reader, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(reader.read(rows));
                }
                return result;
            }
        }
    }

    /** For a query that has one row. */
    <T> T one(String sql, RowReader<T> reader, Object... values) throws SQLException {
        return query(sql, reader, values).get(0);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
