package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Role;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;

/** A lake on a MinIO and a PostgreSQL of its own: the dataset trips, with one staged file of three rows loaded. */
record ServedLake(Path folder, LocalServers servers) implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    static ServedLake make(Path folder) throws IOException {
        return make(folder, Map.of());
    }

    /** As {@link #make(Path)}, with variables of the servers. */
    static ServedLake make(Path folder, Map<String, String> variables) throws IOException {
        LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES), variables);
        ServedLake lake = new ServedLake(folder, servers);
        try {
            lake.make();
            return lake;
        } catch (RuntimeException | IOException e) {
            servers.close();
            throw e;
        }
    }

    private void make() throws IOException {
        ObjectStoreServer minio = servers.minio();
        PostgresServer postgres = servers.postgres();
        Files.writeString(folder.resolve("millrace.yaml"), """
            staging: s3://%s
            lake:
              catalog: postgres://%s:%d/%s
              data: s3://%s
            s3: {endpoint: "%s", region: %s}
            """.formatted(
                        ObjectStoreServer.STAGING_BUCKET,
                        postgres.host(),
                        postgres.port(),
                        postgres.database(),
                        ObjectStoreServer.LAKE_BUCKET,
                        minio.endpoint(),
                        minio.region()));
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
            """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        assertDone(run(environment(Role.CLEANER), "init"));
        assertDone(run(keys(servers.producer("trips")), "stage", "trips", "trips.csv"));
        assertDone(run(environment(Role.INGESTER), "ingest"));
    }

    @Override
    public void close() {
        servers.close();
    }

    private static void assertDone(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    Map<String, String> keys(Login login) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_CONFIG", folder.resolve("millrace.yaml").toString());
        environment.put("AWS_ACCESS_KEY_ID", login.name());
        environment.put("AWS_SECRET_ACCESS_KEY", login.secret());
        return environment;
    }

    Map<String, String> environment(Login s3, Login postgres) {
        Map<String, String> environment = keys(s3);
        environment.put("PGUSER", postgres.name());
        environment.put("PGPASSWORD", postgres.secret());
        return environment;
    }

    Map<String, String> environment(Role role) {
        return environment(servers.minio().login(role), servers.postgres().login(role));
    }

    Map<String, String> administrator() {
        return environment(servers.minio().admin(), servers.postgres().admin());
    }

    CommandRun run(Map<String, String> environment, String... args) {
        return CommandRun.of(folder, environment, "", args);
    }

    Diagnosed doctor(Map<String, String> environment) throws IOException {
        long begun = System.nanoTime();
        Diagnosed diagnosed = Diagnosed.of(run(environment, "doctor", "--json"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
        return diagnosed;
    }

    Connection connect() throws SQLException {
        PostgresServer postgres = servers.postgres();
        return DriverManager.getConnection(
                postgres.jdbcUrl(postgres.database()),
                postgres.admin().name(),
                postgres.admin().secret());
    }

    /** Begins a transaction; returns the process id of its session. */
    static long begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
