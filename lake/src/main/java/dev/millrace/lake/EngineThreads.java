package dev.millrace.lake;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an engine run a statement about the catalog on one thread, and any other on all that it has. Belongs to its connection's thread.
 *
 * <p>A statement about the catalog is some ten small queries to the engine. With more threads each scan of a SQLite catalog opens it once
 * more, and one thread waits for another by asking again and again: 15 ms of processor time with two, 9 ms with one (measured, DuckDB 1.5.5, a
 * count of the leases). To change the number takes 0.3 ms.
 */
final class EngineThreads {
    /** The system property that says how many threads an engine has; as many as there are cores when absent. */
    static final String PROPERTY = "millrace.engine.threads";

    /** The engine's setting, which has to stay open to changes. */
    static final String SETTING = "threads";

    private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);

    /** Whatever else is in them. */
    private static final Pattern MOVES_NO_DATA = Pattern.compile(
            "\\s*(?:BEGIN|COMMIT|ROLLBACK|SET|ATTACH|DETACH|CALL lake\\.|CREATE SCHEMA|CREATE TABLE|ALTER TABLE"
                    + "|CREATE OR REPLACE TEMPORARY SECRET)");

    private static final Pattern NAMES_THE_CATALOG =
            Pattern.compile("\\blake\\.millrace\\.|\\b__ducklake_metadata_lake\\.|\\bduckdb_\\w+\\(\\)");

    /** What there may be much of. */
    private static final Pattern NAMES_DATA =
            Pattern.compile("\\bCOPY\\b|\\bTEMP\\b|parquet|\\blake\\.(?!millrace\\.)");

    private static final int UNKNOWN = 0;

    private final Connection connection;
    private final int all;
    private int now;

    private EngineThreads(Connection connection, int all) {
        this.connection = connection;
        this.all = all;
        this.now = UNKNOWN;
    }

    /**
     * Takes over from the engine, which has as many threads by itself as there are cores.
     *
     * @throws LakeException when the property is no number of threads
     */
    static EngineThreads of(Connection connection) throws SQLException {
        String property = System.getProperty(PROPERTY);
        if (property != null) {
            return new EngineThreads(connection, number(property));
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('" + SETTING + "')")) {
            row.next();
            return new EngineThreads(connection, row.getInt(1));
        }
    }

    private static int number(String property) {
        if (!property.matches("[1-9][0-9]{0,3}")) {
            throw new LakeException(
                    "the system property " + PROPERTY + " is '" + property + "'; a number of threads is 1 to 9999");
        }
        return Integer.parseInt(property);
    }

    /** Before a statement is prepared, which asks the catalog already. */
    void fitTo(String sql) {
        int wanted = isAboutTheCatalog(sql) ? 1 : all;
        if (wanted == now) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET " + SETTING + " = " + wanted);
            now = wanted;
        } catch (SQLException e) {
            // Within a transaction that has failed the engine takes nothing, and tells so of the statement itself.
            LOG.debug("the engine stays on {} threads: {}", now, e.getMessage());
        }
    }

    static boolean isAboutTheCatalog(String sql) {
        return MOVES_NO_DATA.matcher(sql).lookingAt()
                || (NAMES_THE_CATALOG.matcher(sql).find()
                        && !NAMES_DATA.matcher(sql).find());
    }
}
