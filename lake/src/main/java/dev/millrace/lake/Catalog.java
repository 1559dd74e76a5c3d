package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The database that keeps the DuckLake catalog, and how the engine attaches it. */
public sealed interface Catalog {
    /** What a user would call it. */
    String description();

    /** The engine's extensions it takes. */
    List<String> extensions();

    /** The address behind {@code ducklake:}, without anything secret. */
    String attachAddress();

    /** The options of ATTACH that this kind of catalog needs. */
    List<String> attachOptions();

    /** Those that it needs besides when it is made: they stay with it. */
    List<String> creationOptions();

    /**
     * A SQLite file. WAL mode lets any number of readers read while one process writes; the busy timeout makes a second
     * writer wait for the first one's commit instead of failing at once.
     */
    record SqliteCatalog(Path file) implements Catalog {
        private static final int BUSY_TIMEOUT_MILLIS = 10_000;

        public SqliteCatalog {
            file = file.toAbsolutePath().normalize();
        }

        @Override
        public String description() {
            return "sqlite:" + file;
        }

        @Override
        public List<String> extensions() {
            return List.of("ducklake", "sqlite_scanner");
        }

        @Override
        public String attachAddress() {
            return "ducklake:sqlite:" + file;
        }

        @Override
        public List<String> attachOptions() {
            return List.of("META_BUSY_TIMEOUT " + BUSY_TIMEOUT_MILLIS);
        }

        @Override
        public List<String> creationOptions() {
            return List.of("META_JOURNAL_MODE " + SqlText.literal("WAL"));
        }
    }

    /**
     * A PostgreSQL database: any number of processes read and write, on any number of hosts. It has to exist; its owner, or
     * who may create tables in it, makes the lake in it.
     */
    record PostgresCatalog(PostgresAddress address) implements Catalog {
        /** The name of the engine's secret that holds the password; without a password it is there and empty. */
        static final String SECRET = "millrace_catalog";

        @Override
        public String description() {
            return address.toString();
        }

        @Override
        public List<String> extensions() {
            return List.of("ducklake", "postgres_scanner");
        }

        @Override
        public String attachAddress() {
            return "ducklake:postgres:" + address.connectionString();
        }

        @Override
        public List<String> attachOptions() {
            return databaseOptions("META_");
        }

        /** The options of ATTACH for a look at the database itself. */
        List<String> lookOptions() {
            return Stream.concat(Stream.of("TYPE postgres", "READ_ONLY"), databaseOptions("").stream())
                    .toList();
        }

        private List<String> databaseOptions(String prefix) {
            return List.of(
                    prefix + "SECRET " + SqlText.literal(SECRET),
                    // Else a table of secrets in that database would be asked which S3 keys and endpoints to use.
                    prefix + "SECRET_STORAGE_TABLE " + SqlText.literal(""));
        }

        @Override
        public List<String> creationOptions() {
            return List.of();
        }
    }
}
