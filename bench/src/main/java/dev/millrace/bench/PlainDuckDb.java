package dev.millrace.bench;

import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.EngineExtensions;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** DuckDB as anybody starts it, with its own defaults and the keys for S3. For one thread. */
public final class PlainDuckDb implements AutoCloseable {
    private static final String S3_KEYS = """
            CREATE SECRET (TYPE s3, KEY_ID ?, SECRET ?, ENDPOINT %s, REGION %s, URL_STYLE 'path', USE_SSL %s)
            """;
    private static final String CATALOG_PASSWORD = "CREATE SECRET catalog (TYPE postgres, PASSWORD ?)";
    private static final String ATTACH = "ATTACH %s AS lake (DATA_PATH %s, %s)";
    private static final String WITH_PASSWORD = "META_SECRET 'catalog'";

    private final Connection connection;

    private PlainDuckDb(Connection connection) {
        this.connection = connection;
    }

    /** A fresh engine for files of this machine. */
    public static PlainDuckDb open() {
        return open(Optional.empty());
    }

    /** A fresh engine with nothing in its caches. */
    static PlainDuckDb open(Stand stand) {
        return open(Optional.of(stand.connection()));
    }

    private static PlainDuckDb open(Optional<S3Connection> s3) {
        new NativeLibrary(EngineCache.standard()).prepare();
        try {
            PlainDuckDb duckDb = new PlainDuckDb(DriverManager.getConnection("jdbc:duckdb:"));
            s3.ifPresent(duckDb::reach);
            return duckDb;
        } catch (SQLException e) {
            throw new BenchException("DuckDB does not start", e);
        }
    }

    private void reach(S3Connection s3) {
        S3Endpoint endpoint = s3.endpoint();
        S3Credentials keys = s3.credentials();
        load(List.of("httpfs"));
        execute(
                S3_KEYS.formatted(
                        SqlText.literal(endpoint.authority()), SqlText.literal(endpoint.region()), endpoint.usesTls()),
                keys.accessKeyId(),
                keys.secretAccessKey());
    }

    /** The same with the lake attached. */
    static PlainDuckDb withLake(Stand stand) {
        return withLake(
                Optional.of(stand.connection()),
                stand.catalog(),
                stand.lakeData().root());
    }

    /**
     * A fresh engine with a lake attached.
     *
     * @param s3 present where the lake's data is on S3
     * @param dataPath the lake's, without a slash at its end
     */
    public static PlainDuckDb withLake(Optional<S3Connection> s3, Catalog catalog, String dataPath) {
        PlainDuckDb duckDb = open(s3);
        duckDb.load(catalog.extensions());
        String options = String.join(", ", catalog.attachOptions());
        if (catalog instanceof Catalog.PostgresCatalog postgres) {
            duckDb.execute(CATALOG_PASSWORD, postgres.address().password().orElseThrow());
            options = WITH_PASSWORD;
        }
        duckDb.execute(
                ATTACH.formatted(SqlText.literal(catalog.attachAddress()), SqlText.literal(dataPath + "/"), options));
        return duckDb;
    }

    private void load(List<String> extensions) {
        new EngineExtensions(EngineCache.standard(), notice -> System.err.println("bench: " + notice))
                .load(connection, extensions);
    }

    /**
     * Runs a statement.
     *
     * @throws BenchException when the engine refuses
     */
    public void execute(String sql, String... values) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        } catch (SQLException e) {
            throw new BenchException("DuckDB refuses: " + e.getMessage(), e);
        }
    }

    /** What a source of rows holds. */
    Content content(String from) {
        return single("SELECT " + Content.COLUMNS + " FROM " + from, Content::read);
    }

    /** The text that a query gives. */
    public String text(String sql) {
        return single(sql, row -> row.getString(1));
    }

    /**
     * Runs a query and reads its first row.
     *
     * @throws BenchException when the engine refuses
     */
    public <T> T single(String sql, LakeSession.RowReader<T> reader) {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return reader.read(row);
        } catch (SQLException e) {
            throw new BenchException("DuckDB refuses: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new BenchException("DuckDB does not close", e);
        }
    }
}
