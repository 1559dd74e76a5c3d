package dev.millrace.lake.engine;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The engine and the extensions as they are on this machine.
 *
 * @param driverVersion of the driver that this build was made with, such as {@code 1.5.5.1}
 * @param engineVersion as the engine says itself, such as {@code v1.5.5}
 * @param platform such as {@code linux_amd64}
 */
public record InstalledEngine(String driverVersion, String engineVersion, String platform, List<Extension> extensions) {
    private static final String VERSION_OF_LOADED = """
            SELECT extension_version FROM duckdb_extensions() WHERE extension_name = %s AND loaded
            """;

    /**
     * An extension of the engine.
     *
     * @param file where it has to be
     * @param version its own, when it loads
     * @param refusal why it does not load; empty for one that is missing as well
     */
    public record Extension(String name, Path file, Optional<String> version, Optional<String> refusal) {
        public boolean isMissing() {
            return version.isEmpty() && refusal.isEmpty();
        }
    }

    public InstalledEngine {
        extensions = List.copyOf(extensions);
    }

    /**
     * Starts the engine and loads the extensions that are there. Nothing is fetched.
     *
     * @throws EngineException when the engine does not start
     */
    public static InstalledEngine look(EngineCache cache, Collection<String> extensionNames) {
        new NativeLibrary(cache).prepare();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            return look(connection, cache, extensionNames);
        } catch (SQLException e) {
            throw new EngineException("the engine does not start: " + e.getMessage(), e);
        }
    }

    static InstalledEngine look(Connection connection, EngineCache cache, Collection<String> extensionNames)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String engineVersion = single(statement, "SELECT library_version FROM pragma_version()");
            String platform = single(statement, "SELECT platform FROM pragma_platform()");
            statement.execute("SET extension_directory = "
                    + SqlText.literal(cache.extensionFolder().toString()));
            List<Extension> extensions = new ArrayList<>();
            for (String name : extensionNames) {
                extensions.add(extension(connection, name, cache.extensionFile(name, engineVersion, platform)));
            }
            return new InstalledEngine(EngineCache.driverVersion(), engineVersion, platform, extensions);
        }
    }

    private static Extension extension(Connection connection, String name, Path file) {
        if (!Files.exists(file)) {
            return new Extension(name, file, Optional.empty(), Optional.empty());
        }
        // An error closes the statement.
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOAD " + SqlText.identifier(name));
            String version = single(statement, VERSION_OF_LOADED.formatted(SqlText.literal(name)));
            return new Extension(name, file, Optional.of(version), Optional.empty());
        } catch (SQLException e) {
            String refusal = e.getMessage().lines().findFirst().orElse("no reason given");
            return new Extension(name, file, Optional.empty(), Optional.of(refusal));
        }
    }

    private static String single(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
