package dev.millrace.lake;

import dev.millrace.lake.sql.SqlText;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The database that keeps the DuckLake catalog, and how the engine attaches it. */
public sealed interface Catalog {
    /** The name of a database that is attached for a look. */
    String LOOKED_AT = "looked_at";

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

    /** The ATTACH of the database itself as {@value #LOOKED_AT}, only to read. */
    String attachForLook();

    /** The query that tells, in one row, whether the database {@value #LOOKED_AT} holds a lake or no table at all. */
    String isLakeOrEmpty();

    /**
     * A SQLite file. WAL mode lets any number of readers read while one process writes; the busy timeout makes a second
     * writer wait for the first one's commit instead of failing at once.
     */
    record SqliteCatalog(Path file) implements Catalog {
        private static final int BUSY_TIMEOUT_MILLIS = 10_000;

        private static final String IS_LAKE_OR_EMPTY = """
                SELECT count(*) = 0 OR bool_or(table_name = 'ducklake_metadata')
                FROM duckdb_tables()
                WHERE database_name = 'looked_at'
                """;

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

        @Override
        public String attachForLook() {
            return "ATTACH " + SqlText.literal(file.toString()) + " AS " + LOOKED_AT
                    + " (TYPE sqlite, READ_ONLY, BUSY_TIMEOUT " + BUSY_TIMEOUT_MILLIS + ")";
        }

        @Override
        public String isLakeOrEmpty() {
            return IS_LAKE_OR_EMPTY;
        }
    }

    /**
     * A PostgreSQL database: any number of processes read and write, on any number of hosts. It has to exist; its owner, or
     * who may create tables in it, makes the lake in it.
     */
    record PostgresCatalog(PostgresAddress address) implements Catalog {
        /** The name of the engine's secret that holds the password; without a password it is there and empty. */
        static final String SECRET = "millrace_catalog";

        /** Tables of an extension, such as those of PostGIS, are nobody's data. */
        private static final String IS_LAKE_OR_EMPTY = """
                SELECT * FROM postgres_query('looked_at', $$
                    SELECT count(*) = 0 OR bool_or(c.relname = 'ducklake_metadata')
                    FROM pg_class c
                    WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p')
                        AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
                $$)
                """;

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

        @Override
        public String attachForLook() {
            List<String> options = Stream.concat(Stream.of("TYPE postgres", "READ_ONLY"), databaseOptions("").stream())
                    .toList();
            return "ATTACH " + SqlText.literal(address.connectionString()) + " AS " + LOOKED_AT + " ("
                    + String.join(", ", options) + ")";
        }

        @Override
        public String isLakeOrEmpty() {
            return IS_LAKE_OR_EMPTY;
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
