package dev.millrace.lake;

import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A process of its own for tests: works with a lake whose secrets are in its environment, makes all kinds of mistakes, and
 * prints all that it is told. Arguments: the catalog's address, the S3 endpoint, the data path.
 */
final class TalkativeSession {
    private TalkativeSession() {}

    public static void main(String[] args) throws Exception {
        Map<String, String> environment = System.getenv();
        PostgresAddress catalog = PostgresAddress.parse(args[0], environment);
        S3Credentials keys = new S3Credentials(
                environment.get("AWS_ACCESS_KEY_ID"),
                environment.get("AWS_SECRET_ACCESS_KEY"),
                Optional.empty(),
                Optional.of(Clock.systemUTC().instant().plusSeconds(3600)));
        S3Access s3 =
                new S3Access(new S3Endpoint(URI.create(args[1]), "us-east-1", true), () -> keys, Clock.systemUTC());
        LakeAddress address = new LakeAddress(new Catalog.PostgresCatalog(catalog), args[2]);
        SessionOptions options = SessionOptions.of(SessionOptions.Access.CREATE).withS3(s3);
        tell("address", address);
        tell("options", options);
        tell("keys", keys);
        tell("command line", ownCommandLine());
        try (LakeSession session = LakeSession.open(address, options)) {
            PipelineTables.install(session);
            session.execute("CREATE TABLE lake.t (i INTEGER)");
            session.execute("INSERT INTO lake.t SELECT * FROM range(1000)");
            for (String question : List.of(
                    "FROM duckdb_secrets()",
                    "FROM duckdb_databases()",
                    "FROM duckdb_settings()",
                    "FROM lake.options()",
                    "FROM lake.snapshots()",
                    "FROM ducklake_list_files('lake', 't')",
                    "FROM which_secret('" + args[2] + "x', 's3')",
                    "FROM postgres_query('__ducklake_metadata_lake', 'SELECT * FROM pg_stat_activity')",
                    "EXPLAIN FROM lake.t",
                    "SELECT no_such_column",
                    "FROM read_parquet('" + args[2] + "missing.parquet')",
                    "FROM read_parquet('s3://elsewhere/missing.parquet')",
                    "CREATE OR REPLACE SECRET millrace_s3 (TYPE s3, NO_SUCH_OPTION 1)",
                    "FROM postgres_query('__ducklake_metadata_lake', 'SELECT no_such_column')",
                    "ATTACH 'postgres:" + catalog.connectionString().replace("'", "''") + "' AS other",
                    "SET s3_endpoint = 'x'")) {
                ask(session, question);
            }
        }
        fails("wrong password", withPassword(catalog, environment.get("PGPASSWORD") + "x"), args[2], s3);
        fails("no such database", withDatabase(catalog, "nowhere"), args[2], s3);
        fails("another data path", catalog, args[2] + "elsewhere/", s3);
        S3Credentials wrong =
                new S3Credentials(keys.accessKeyId(), keys.secretAccessKey() + "x", Optional.empty(), Optional.empty());
        S3Access refused = new S3Access(s3.endpoint(), () -> wrong, Clock.systemUTC());
        try (LakeSession session = LakeSession.open(address, options.withS3(refused))) {
            ask(session, "SELECT sum(i) FROM lake.t");
        }
    }

    private static void fails(String what, PostgresAddress catalog, String data, S3Access s3) {
        try {
            LakeSession.open(
                            new LakeAddress(new Catalog.PostgresCatalog(catalog), data),
                            SessionOptions.of(SessionOptions.Access.WRITE).withS3(s3))
                    .close();
            throw new IllegalStateException(what + " was not refused");
        } catch (LakeException e) {
            tell(what, e.getMessage());
            e.printStackTrace(System.out);
        }
    }

    private static PostgresAddress withPassword(PostgresAddress of, String password) {
        return new PostgresAddress(of.host(), of.port(), of.database(), of.user(), of.options(), Optional.of(password));
    }

    private static PostgresAddress withDatabase(PostgresAddress of, String database) {
        return new PostgresAddress(of.host(), of.port(), database, of.user(), of.options(), of.password());
    }

    private static void ask(LakeSession session, String question) {
        try {
            tell(question, session.read(question, TalkativeSession::all));
        } catch (RuntimeException e) {
            tell(question, e.getMessage());
            e.printStackTrace(System.out);
        }
    }

    private static List<String> all(ResultSet rows) throws SQLException {
        List<String> all = new ArrayList<>();
        while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                all.add(rows.getString(i));
            }
        }
        return all;
    }

    private static String ownCommandLine() throws IOException {
        return Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
    }

    private static void tell(String what, Object told) {
        System.out.println(what + ": " + told);
    }
}
