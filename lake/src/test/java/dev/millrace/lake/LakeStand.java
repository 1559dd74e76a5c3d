package dev.millrace.lake;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.PostgresServer;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.StoreStand;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A lake that belongs to a test's folder, on the stand of this run ({@link StoreStand}): a SQLite file and a folder, or a
 * PostgreSQL database of its own and a prefix of a bucket. The same one for the same folder, also in a child process.
 */
public final class LakeStand {
    private static final String LAKE = "lake";
    private static final int NAME_LENGTH = 24;
    private static final Set<String> DATABASES = new HashSet<>();

    private LakeStand() {}

    /** Whether the catalog is on PostgreSQL. */
    public static boolean isOnPostgres() {
        return StoreStand.current() == StoreStand.SERVED;
    }

    /** The store of the lake's data. */
    public static ObjectStore data(Path folder) {
        return StoreStand.current().store(folder, LAKE);
    }

    public static LakeAddress address(Path folder) {
        return new LakeAddress(catalog(folder), data(folder).root());
    }

    /** The catalog; its database is made when it is missing. */
    public static Catalog catalog(Path folder) {
        if (!isOnPostgres()) {
            return new Catalog.SqliteCatalog(folder.resolve("lake.sqlite"));
        }
        PostgresServer server = LocalServers.shared().postgres();
        return new Catalog.PostgresCatalog(new PostgresAddress(
                server.host(),
                server.port(),
                database(server, folder),
                server.admin().name(),
                Map.of(),
                Optional.of(server.admin().secret())));
    }

    /** With what a session needs to reach the stores of this stand. */
    public static SessionOptions options(SessionOptions.Access access) {
        SessionOptions options = SessionOptions.of(access);
        if (!StoreStand.current().isServed()) {
            return options;
        }
        S3Connection connection = StoreStand.current().connection();
        return options.withS3(new S3Access(connection.endpoint(), connection::credentials, Clock.systemUTC()));
    }

    public static LakeSession open(Path folder, SessionOptions.Access access) {
        return LakeSession.open(address(folder), options(access));
    }

    /** As {@link #open(Path, SessionOptions.Access)}, with further places that the session may read. */
    public static LakeSession open(Path folder, SessionOptions.Access access, List<String> readablePlaces) {
        return LakeSession.open(address(folder), options(access).withReadablePlaces(readablePlaces));
    }

    /** Whoever asks for a folder's database first makes it, and the others wait until it is there. */
    private static synchronized String database(PostgresServer server, Path folder) {
        // The last part of the prefix that the stand gives this folder in a bucket.
        String prefix = data(folder).root().replaceAll(".*/", "");
        String name = prefix.replace('-', '_').substring(0, Math.min(NAME_LENGTH, prefix.length()));
        if (DATABASES.add(name)) {
            try (Connection connection = DriverManager.getConnection(
                            server.jdbcUrl("postgres"),
                            server.admin().name(),
                            server.admin().secret());
                    Statement statement = connection.createStatement()) {
                if (!exists(statement, name)) {
                    statement.execute("CREATE DATABASE " + name);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the database of " + folder + " can't be made", e);
            }
        }
        return name;
    }

    private static boolean exists(Statement statement, String name) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
            return found.next();
        }
    }
}
