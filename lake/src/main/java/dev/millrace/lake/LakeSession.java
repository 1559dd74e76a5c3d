package dev.millrace.lake;

import dev.millrace.lake.engine.EngineExtensions;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.sql.SqlText;
import java.io.IOException;
import java.nio.file.Files;
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
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
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
        requireCatalog(address, options.access());
        new NativeLibrary(options.cache()).prepare();
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new LakeException(
                    "the engine does not start for " + address.catalog().description(), e);
        }
        try {
            new EngineExtensions(options.cache(), options.notices())
                    .load(connection, address.catalog().extensions());
            attach();
            lockDown();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void requireCatalog(LakeAddress address, SessionOptions.Access access) {
        if (address.catalog() instanceof Catalog.SqliteCatalog sqlite
                && access != SessionOptions.Access.CREATE
                && !Files.exists(sqlite.file())) {
            throw new LakeException(
                    "there is no lake yet: the catalog " + sqlite.file() + " does not exist; run 'millrace init'");
        }
    }

    private void attach() {
        execute("SET TimeZone = 'UTC'");
        List<String> attachOptions = new ArrayList<>(address.catalog().attachOptions());
        attachOptions.add("DATA_PATH " + SqlText.literal(address.dataPath()));
        if (options.access() == SessionOptions.Access.CREATE && isNew()) {
            attachOptions.addAll(address.catalog().creationOptions());
        } else {
            attachOptions.add("CREATE_IF_NOT_EXISTS false");
        }
        if (options.access() == SessionOptions.Access.READ) {
            attachOptions.add("READ_ONLY");
        }
        try {
            execute("ATTACH " + SqlText.literal(address.catalog().attachAddress()) + " AS " + ALIAS + " ("
                    + String.join(", ", attachOptions) + ")");
        } catch (StatementException e) {
            throw refusedAttach(e);
        }
    }

    /** A database that holds something is never made into a lake: it may be somebody else's. */
    private boolean isNew() {
        if (!(address.catalog() instanceof Catalog.SqliteCatalog sqlite)) {
            return true;
        }
        try {
            return !Files.exists(sqlite.file()) || Files.size(sqlite.file()) == 0;
        } catch (IOException e) {
            throw new LakeException("the catalog " + sqlite.file() + " can't be looked at: " + e, e);
        }
    }

    private LakeException refusedAttach(StatementException e) {
        String why = e.getMessage();
        String catalog = address.catalog().description();
        if (why.contains("DATA_PATH")) {
            return new LakeException(
                    "the catalog " + catalog + " belongs to another data path than " + address.dataPath()
                            + ": set lake.data to the one it was made with (" + e.firstLine() + ")",
                    e);
        }
        if (why.toLowerCase(Locale.ROOT).contains("not a database")
                || why.contains("does not exist")
                || why.contains("no such table")) {
            return new LakeException(
                    catalog + " is not a DuckLake catalog; nothing was changed. Set lake.catalog to another place,"
                            + " or run 'millrace init' where there is none (" + e.firstLine() + ")",
                    e);
        }
        return new LakeException("the catalog " + catalog + " can't be attached: " + e.firstLine(), e);
    }

    private void lockDown() {
        String spill = options.cache().spillFolder(UUID.randomUUID().toString()).toString();
        List<String> places = new ArrayList<>(options.readablePlaces());
        places.add(address.dataPath());
        places.add(spill);
        execute("SET temp_directory = " + SqlText.literal(spill));
        execute("SET allowed_directories = " + SqlText.literals(places));
        execute("SET enable_external_access = false");
        execute("SET lock_configuration = true");
    }

    public LakeAddress address() {
        return address;
    }

    /** Runs a statement that returns no rows of interest; {@code ?} takes texts, numbers, instants and lists of texts. */
    public void execute(String sql, Object... values) {
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
        try (PreparedStatement statement = prepare(sql);
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        } catch (SQLException e) {
            throw new StatementException(e);
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
