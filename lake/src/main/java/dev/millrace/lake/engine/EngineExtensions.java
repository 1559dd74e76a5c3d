package dev.millrace.lake.engine;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * Loads extensions into a session: from the cache folder, and what is not there yet from DuckDB's repository, else from
 * the Python package index, each with a deadline.
 *
 * <p>Safe for many processes at once: a file appears in the cache whole.
 */
public final class EngineExtensions {
    private static final String UNSIGNED = "allow_unsigned_extensions";

    /** The statement after which an engine of {@link #openEngine} checks signatures by itself; that can't be turned back. */
    public static final String AFTER_LOADING = "SET " + UNSIGNED + " = false";

    private static final Duration REPOSITORY_DEADLINE = Duration.ofMinutes(1);
    private static final Duration WHEEL_DEADLINE = Duration.ofMinutes(3);

    private final EngineCache cache;
    private final List<ExtensionSource> sources;
    private final Consumer<String> notices;

    /** @param notices told in a sentence what is being fetched, since that takes a while */
    public EngineExtensions(EngineCache cache, Consumer<String> notices) {
        this(
                cache,
                List.of(new EngineRepository(cache, REPOSITORY_DEADLINE), new PythonWheels(WHEEL_DEADLINE)),
                notices);
    }

    EngineExtensions(EngineCache cache, List<ExtensionSource> sources, Consumer<String> notices) {
        this.cache = cache;
        this.sources = List.copyOf(sources);
        this.notices = notices;
    }

    /**
     * Opens an engine into which {@link #load} brings extensions without that their signatures are checked once more: that is the
     * engine's one setting that has to be there from the start. {@link #AFTER_LOADING} takes it back.
     */
    public static Connection openEngine() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(UNSIGNED, Boolean.toString(true));
        return DriverManager.getConnection("jdbc:duckdb:", properties);
    }

    /**
     * Loads extensions in the given order. Each is one whose signature an engine has found good.
     *
     * @throws EngineException when one is not to be had or does not load; says how to place it by hand
     */
    public void load(Connection connection, Collection<String> names) {
        try (Statement statement = connection.createStatement()) {
            String version = single(statement, "SELECT library_version FROM pragma_version()");
            String platform = single(statement, "SELECT platform FROM pragma_platform()");
            statement.execute("SET extension_directory = "
                    + SqlText.literal(cache.extensionFolder().toString()));
            for (String name : names) {
                Path file = cache.extensionFile(name, version, platform);
                if (!Files.exists(file)) {
                    fetch(name, version, file);
                }
                load(statement, name, file);
            }
        } catch (SQLException e) {
            throw new EngineException("the engine does not start: " + e.getMessage(), e);
        }
    }

    private void fetch(String name, String version, Path file) {
        EngineCache.createFolder(file.getParent());
        List<String> refusals = new ArrayList<>();
        for (ExtensionSource source : sources) {
            notices.accept("fetching the engine's extension '" + name + "' " + version + " from " + source.description()
                    + " (once; it is kept in " + cache.folder() + ")");
            try {
                source.fetch(name, version, file);
                return;
            } catch (EngineException e) {
                refusals.add(source.description() + ": " + e.getMessage());
            }
        }
        throw new EngineException("the engine's extension '" + name + "' " + version + " is not to be had ("
                + String.join("; ", refusals) + "). Place it by hand as " + file + ", or set " + EngineCache.VARIABLE
                + " to a folder that has it");
    }

    private void load(Statement statement, String name, Path file) {
        try {
            CheckedSignatures.require(name, file, cache.extensionFolder());
            statement.execute("LOAD " + SqlText.identifier(name));
        } catch (SQLException e) {
            throw new EngineException(
                    "the engine's extension " + file + " does not load: "
                            + e.getMessage().lines().findFirst().orElse("")
                            + " Delete that file, and it is fetched anew",
                    e);
        }
    }

    private static String single(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
