package dev.millrace.lake;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import dev.millrace.lake.engine.EngineExtensions;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.engine.TrustedCertificates;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One DuckDB instance with one connection and the lake attached as {@value #ALIAS}.
 *
 * <p>Not thread-safe: a session belongs to one thread at a time. Times are in UTC. After it is open, a file name or URL in a
 * statement can lead to the lake's data and the places of its {@link SessionOptions} and to nothing else, and of its settings
 * only the number of threads can be changed. While the catalog's server is away, a session that is open waits for it.
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

    /** What may be run twice without a difference. */
    private static final Pattern REPEATABLE =
            Pattern.compile("\\s*(SELECT|FROM|WITH|DESCRIBE|CREATE OR REPLACE TEMP)\\b");

    private static final String PROBE = "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_metadata";
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private final LakeAddress address;
    private final SessionOptions options;
    private EngineConnection engine;
    private Optional<S3Secret> s3Secret = Optional.empty();
    private boolean inTransaction;
    private Optional<Runnable> atCommit = Optional.empty();
    private int engineNumber;

    private LakeSession(LakeAddress address, SessionOptions options) {
        this.address = address;
        this.options = options;
    }

    /**
     * Opens a session.
     *
     * @throws CatalogUnreachableException when the catalog's server does not answer
     * @throws LakeException when the lake is not there, is not a DuckLake, has another data path, or refuses this user
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

    /**
     * Makes the session usable again after an error of which nobody knows what it has left behind. While the catalog's
     * server is away it waits for it, for the {@code outage} of the options at most. What the engine holds by itself, such as
     * temporary tables, stays, unless the engine has failed as a whole.
     *
     * @throws CatalogUnreachableException when the server did not come back
     */
    public void recover() {
        if (options.outage().compareTo(FIRST_WAIT) <= 0) {
            // There is no time for a second look.
            probe();
            return;
        }
        RetryPolicy<Object> policy = RetryPolicy.builder()
                .handle(CatalogUnreachableException.class)
                .withMaxAttempts(-1)
                .withMaxDuration(options.outage())
                .withBackoff(FIRST_WAIT, LONGEST_WAIT)
                .onRetryScheduled(event -> tellOfOutage(event.getAttemptCount(), event.getLastException()))
                .build();
        Failsafe.with(policy).run(this::probe);
    }

    private void probe() {
        try {
            engine.execute(PROBE);
        } catch (StatementException e) {
            if (e.tellsOfLostConnection()) {
                throw new CatalogUnreachableException(address.catalog(), e);
            }
            LOG.info("The engine is started anew: {}", e.reason());
            reconnect();
        }
    }

    private void tellOfOutage(int attempts, Throwable cause) {
        LOG.debug("try {} to reach the catalog: {}", attempts, cause.getMessage());
        if (attempts == 1) {
            LOG.warn("{}", cause.getMessage());
            options.notices()
                    .accept(cause.getMessage() + "; waiting for it up to "
                            + options.outage().toSeconds() + " s");
        }
    }

    private void connect() {
        CatalogAttachment attachment = new CatalogAttachment(address, options.access());
        attachment.requireCatalog();
        s3Secret = S3Secret.of(options.s3(), reachablePlaces());
        inTransaction = false;
        new NativeLibrary(options.cache()).prepare();
        engineNumber++;
        try {
            engine = EngineConnection.forExtensions();
        } catch (SQLException e) {
            throw new LakeException(
                    "the engine does not start for " + address.catalog().description(), e);
        }
        try {
            EngineSettings.AT_START.forEach(engine::execute);
            options.memoryBytes().map(EngineSettings::memory).ifPresent(engine::execute);
            EngineExtensions extensions = new EngineExtensions(options.cache(), options.notices());
            extensions.load(engine.jdbc(), address.catalog().extensions());
            EngineSettings.FOR_THE_LAKE.forEach(engine::execute);
            if (s3Secret.isPresent()) {
                extensions.load(engine.jdbc(), List.of("httpfs"));
                EngineSettings.FOR_S3.forEach(engine::execute);
                TrustedCertificates.file(options.cache())
                        .map(EngineSettings::trust)
                        .ifPresent(engine::execute);
                s3Secret.orElseThrow().renew(engine);
            }
            engine.execute(EngineExtensions.AFTER_LOADING);
            attachment.attach(engine);
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
        String spill =
                options.cache().makeSpillFolder(UUID.randomUUID().toString()).toString();
        List<String> places = new ArrayList<>(reachablePlaces());
        places.add(spill);
        EngineSettings.lockDown(places, spill).forEach(engine::execute);
    }

    public LakeAddress address() {
        return address;
    }

    /** Rises when another engine takes the place of this session's: the temporary tables are gone with the former. */
    public int engineNumber() {
        return engineNumber;
    }

    /** Runs a statement that returns no rows of interest; {@code ?} takes texts, numbers, instants and lists of texts. */
    public void execute(String sql, Object... values) {
        run(sql, PreparedStatement::execute, values);
    }

    /** Runs a statement and returns how many rows it changed. */
    public long update(String sql, Object... values) {
        return run(sql, PreparedStatement::executeLargeUpdate, values);
    }

    /** Runs a query and reads all of its rows. */
    public <T> List<T> query(String sql, RowReader<T> reader, Object... values) {
        return run(
                sql,
                statement -> {
                    try (ResultSet rows = statement.executeQuery()) {
                        List<T> result = new ArrayList<>();
                        while (rows.next()) {
                            result.add(reader.read(rows));
                        }
                        return result;
                    }
                },
                values);
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
        makeReady();
        return engine.run(sql, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(rows);
            }
        });
    }

    /** Outside of a transaction, what only reads the lake is run again when the catalog's server was lost meanwhile. */
    private <T> T run(String sql, EngineConnection.Use<T> use, Object... values) {
        makeReady();
        try {
            return engine.run(sql, use, values);
        } catch (StatementException e) {
            if (inTransaction || !e.tellsOfLostConnection()) {
                throw e;
            }
            // With the engine its own tables are gone, which may be what the statement is about.
            if (!REPEATABLE.matcher(sql).lookingAt() || engine.hasFailed()) {
                throw new CatalogUnreachableException(address.catalog(), e);
            }
        }
        recover();
        return engine.run(sql, use, values);
    }

    private void makeReady() {
        if (engine.hasFailed() && !inTransaction) {
            reconnect();
        }
        s3Secret.filter(S3Secret::isDue).ifPresent(secret -> secret.renew(engine));
    }

    /** Has something written at the end of the transaction that is open, by its COMMIT. */
    void atCommit(Runnable writes) {
        this.atCommit = Optional.of(writes);
    }

    void begin() {
        atCommit = Optional.empty();
        makeReady();
        engine.execute("BEGIN TRANSACTION");
        inTransaction = true;
    }

    /** After an error of it no transaction is open. */
    void commit() {
        try {
            atCommit.ifPresent(Runnable::run);
        } catch (RuntimeException e) {
            rollBackAfter(e);
            throw e;
        }
        inTransaction = false;
        engine.execute("COMMIT");
    }

    private void rollBackAfter(RuntimeException cause) {
        try {
            rollBack();
        } catch (StatementException e) {
            cause.addSuppressed(e);
        }
    }

    void rollBack() {
        atCommit = Optional.empty();
        inTransaction = false;
        engine.execute("ROLLBACK");
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (SQLException e) {
            throw new LakeException("the session with " + address.catalog().description() + " did not close", e);
        }
    }
}
