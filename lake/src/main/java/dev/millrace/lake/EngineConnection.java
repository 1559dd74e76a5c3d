package dev.millrace.lake;

import dev.millrace.lake.engine.EngineExtensions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One DuckDB instance with one connection: runs statements with bound values, and logs the statements but never the values. */
final class EngineConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineConnection.class);

    /**
     * Engines that have failed, which nobody closes: one that has failed within a transaction ends the process then
     * (measured, 1.5.5), and the driver closes what nobody refers to.
     */
    private static final Queue<Connection> FAILED = new ConcurrentLinkedQueue<>();

    /** What is done with a statement whose values are bound. */
    @FunctionalInterface
    interface Use<T> {
        T apply(PreparedStatement statement) throws SQLException;
    }

    private final Connection connection;
    private final Optional<EngineThreads> threads;
    private boolean failed;

    private EngineConnection(Connection connection, Optional<EngineThreads> threads) {
        this.connection = connection;
        this.threads = threads;
    }

    /** For statements that need no extension. */
    static EngineConnection plain() throws SQLException {
        return new EngineConnection(DriverManager.getConnection("jdbc:duckdb:"), Optional.empty());
    }

    /** For a lake and {@link EngineExtensions}; whoever has loaded them runs {@link EngineExtensions#AFTER_LOADING}. */
    static EngineConnection forExtensions() throws SQLException {
        Connection connection = EngineExtensions.openEngine();
        return new EngineConnection(connection, Optional.of(EngineThreads.of(connection)));
    }

    Connection jdbc() {
        return connection;
    }

    void execute(String sql, Object... values) {
        run(sql, PreparedStatement::execute, values);
    }

    /** @throws StatementException when the engine refuses the statement */
    <T> T run(String sql, Use<T> use, Object... values) {
        long begun = System.nanoTime();
        threads.ifPresent(those -> those.fitTo(sql));
        try (PreparedStatement statement = prepare(sql, values)) {
            return use.apply(statement);
        } catch (SQLException e) {
            StatementException refusal = new StatementException(e);
            failed |= refusal.tellsOfFailedEngine();
            throw refusal;
        } finally {
            if (LOG.isDebugEnabled()) {
                LOG.debug(
                        "{} ms: {}",
                        (System.nanoTime() - begun) / 1_000_000,
                        sql.strip().replaceAll("\\s+", " "));
            }
        }
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                bind(statement, i + 1, values[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof Instant instant) {
            statement.setObject(index, OffsetDateTime.ofInstant(instant, ZoneOffset.UTC));
        } else if (value instanceof Collection<?> list) {
            statement.setObject(index, connection.createArrayOf("VARCHAR", list.toArray()));
        } else {
            statement.setObject(index, value);
        }
    }

    /** Whether the engine has found a mistake of its own and refuses everything from then on. */
    boolean hasFailed() {
        return failed;
    }

    @Override
    public void close() throws SQLException {
        if (failed) {
            FAILED.add(connection);
        } else {
            connection.close();
        }
    }
}
