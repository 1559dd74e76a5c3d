package dev.millrace.bench;

import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.engine.EngineCache;
import dev.millrace.lake.engine.EngineExtensions;
import dev.millrace.lake.engine.NativeLibrary;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** DuckDB as anybody starts it, with its own defaults and the keys for S3. For one thread. */
final class PlainDuckDb implements AutoCloseable {
    private static final String S3_KEYS = """
            CREATE SECRET (TYPE s3, KEY_ID ?, SECRET ?, ENDPOINT %s, REGION %s, URL_STYLE 'path', USE_SSL %s)
            """;
    private static final String CATALOG_PASSWORD = "CREATE SECRET catalog (TYPE postgres, PASSWORD ?)";
    private static final String ATTACH = "ATTACH %s AS lake (DATA_PATH %s, META_SECRET 'catalog')";

    private final Connection connection;

    private PlainDuckDb(Connection connection) {
        this.connection = connection;
    }

    /** A fresh engine with nothing in its caches. */
    static PlainDuckDb open(Stand stand) {
        S3Endpoint endpoint = stand.connection().endpoint();
        S3Credentials keys = stand.connection().credentials();
        new NativeLibrary(EngineCache.standard()).prepare();
        try {
            PlainDuckDb duckDb = new PlainDuckDb(DriverManager.getConnection("jdbc:duckdb:"));
            duckDb.load(List.of("httpfs"));
            duckDb.execute(
                    S3_KEYS.formatted(
                            SqlText.literal(endpoint.authority()),
                            SqlText.literal(endpoint.region()),
                            endpoint.usesTls()),
                    keys.accessKeyId(),
                    keys.secretAccessKey());
            return duckDb;
        } catch (SQLException e) {
            throw new BenchException("DuckDB does not start", e);
        }
    }

    /** The same with the lake attached. */
    static PlainDuckDb withLake(Stand stand) {
        PlainDuckDb duckDb = open(stand);
        Catalog.PostgresCatalog catalog = stand.catalog();
        duckDb.load(catalog.extensions());
        duckDb.execute(CATALOG_PASSWORD, catalog.address().password().orElseThrow());
        duckDb.execute(ATTACH.formatted(
                SqlText.literal(catalog.attachAddress()),
                SqlText.literal(stand.lakeData().root() + "/")));
        return duckDb;
    }

    private void load(List<String> extensions) {
        new EngineExtensions(EngineCache.standard(), notice -> System.err.println("bench: " + notice))
                .load(connection, extensions);
    }

    void execute(String sql, String... values) {
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
    String text(String sql) {
        return single(sql, row -> row.getString(1));
    }

    private <T> T single(String sql, LakeSession.RowReader<T> reader) {
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
