package dev.millrace.lake;

import dev.millrace.lake.engine.EngineExtensions;
import dev.millrace.lake.engine.NativeLibrary;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One DuckDB instance with one connection and the lake attached as {@value #ALIAS}.
 *
 * <p>Not thread-safe: a session belongs to one thread at a time. Times are in UTC. After it is open it can reach the lake
 * and the places of its {@link SessionOptions}, no other file and no other address, and its settings can't be changed.
 */
public final class LakeSession implements AutoCloseable {
    /** The name of the attached lake in SQL, everywhere. */
    public static final String ALIAS = "lake";

    /** Reads a result, or one row of it. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LakeSession.class);

    private final LakeAddress address;
    private final SessionOptions options;
    private Connection connection;
    private Optional<S3Secret> s3Secret = Optional.empty();

    private LakeSession(LakeAddress address, SessionOptions options) {
        this.address = address;
        this.options = options;
    }

    /**
     * Opens a session.
     *
     * @throws LakeException when the lake is not there, is not a DuckLake, or has another data path
     * @throws dev.millrace.lake.engine.EngineException when the engine or an extension is not to be had
     */
    public static LakeSession open(LakeAddress address, SessionOptions options) {
        LakeSession session = new LakeSession(address, options);
        session.connect();
        return session;
    }

    /** Puts a fresh engine and a fresh connection to the catalog in the place of this session's. */
    public void reconnect() {
        try {
            close();
        } catch (LakeException e) {
            LOG.warn("The session that is being replaced did not close: {}", e.getMessage());
        }
        connect();
    }

    private void connect() {
        CatalogAttachment attachment = new CatalogAttachment(address, options.access());
        attachment.requireCatalog();
        s3Secret = S3Secret.of(options.s3(), reachablePlaces());
        new NativeLibrary(options.cache()).prepare();
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new LakeException(
                    "the engine does not start for " + address.catalog().description(), e);
        }
        try {
            EngineSettings.AT_START.forEach(this::executeAsIs);
            EngineExtensions extensions = new EngineExtensions(options.cache(), options.notices());
            extensions.load(connection, address.catalog().extensions());
            if (s3Secret.isPresent()) {
                extensions.load(connection, List.of("httpfs"));
                EngineSettings.FOR_S3.forEach(this::executeAsIs);
                s3Secret.orElseThrow().renew(this::executeAsIs);
            }
            attachment.attach(this);
            lockDown();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<String> reachablePlaces() {
        return Stream.concat(options.readablePlaces().stream(), Stream.of(address.dataPath()))
                .toList();
    }

    private void lockDown() {
        String spill = options.cache().spillFolder(UUID.randomUUID().toString()).toString();
        List<String> places = new ArrayList<>(reachablePlaces());
        places.add(spill);
        EngineSettings.lockDown(places, spill).forEach(this::executeAsIs);
    }

    public LakeAddress address() {
        return address;
    }

    /** Runs a statement that returns no rows of interest; {@code ?} takes texts, numbers, instants and lists of texts. */
    public void execute(String sql, Object... values) {
        renewKeys(sql);
        executeAsIs(sql, values);
    }

    private void executeAsIs(String sql, Object... values) {
        long begun = System.nanoTime();
        try (PreparedStatement statement = prepare(sql, values)) {
            statement.execute();
        } catch (SQLException e) {
            throw new StatementException(e);
        } finally {
            logTime(sql, begun);
        }
    }

    /** Runs a statement and returns how many rows it changed. */
    public long update(String sql, Object... values) {
        renewKeys(sql);
        long begun = System.nanoTime();
        try (PreparedStatement statement = prepare(sql, values)) {
            return statement.executeLargeUpdate();
        } catch (SQLException e) {
            throw new StatementException(e);
        } finally {
            logTime(sql, begun);
        }
    }

    /** Runs a query and reads all of its rows. */
    public <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
        renewKeys(sql);
        long begun = System.nanoTime();
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(reader.read(rows));
            }
            return result;
        } catch (SQLException e) {
            throw new StatementException(e);
        } finally {
            logTime(sql, begun);
        }
    }

    /** Runs a query that has one row at most. */
    public <T> Optional<T> queryOne(String sql, RowReader<T> reader, Object... values) {
        List<T> rows = query(sql, reader, values);
        if (rows.size() > 1) {
            throw new IllegalStateException("more than one row: " + sql);
        }
        return rows.stream().findFirst();
    }

    /** Runs a query with one row and one number in it. */
    public long queryLong(String sql, Object... values) {
        return queryOne(sql, row -> row.getLong(1), values).orElseThrow();
    }

    /** Runs a query and lets its whole result be read at once. */
    public <T> T read(String sql, RowReader<T> reader) {
        renewKeys(sql);
        try (PreparedStatement statement = prepare(sql);
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        } catch (SQLException e) {
            throw new StatementException(e);
        }
    }

    /** Not before the end of a transaction: after an error in it the engine takes nothing else. */
    private void renewKeys(String sql) {
        if (!sql.equals(Transaction.COMMIT) && !sql.equals(Transaction.ROLLBACK)) {
            s3Secret.filter(S3Secret::isDue).ifPresent(secret -> secret.renew(this::executeAsIs));
        }
    }

    private static void logTime(String sql, long begun) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} ms: {}",
                    (System.nanoTime() - begun) / 1_000_000,
                    sql.strip().replaceAll("\\s+", " "));
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

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new LakeException("the session with " + address.catalog().description() + " did not close", e);
        }
    }
}
