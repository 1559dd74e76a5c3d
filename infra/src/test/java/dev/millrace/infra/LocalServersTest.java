package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Proves that local servers start, can be stopped, killed and frozen without losing what they acknowledged. */
@Tag("slow")
class LocalServersTest {
    private static LocalServers servers;

    @BeforeAll
    static void start() {
        servers = LocalServers.start(EnumSet.allOf(Server.class));
    }

    @AfterAll
    static void close() {
        servers.close();
    }

    @Test
    void theyListenOnLoopbackOnlyAndTellTheirLoginsWithoutTheSecrets() {
        assertThat(servers.minio().endpoint()).hasScheme("http").hasHost("127.0.0.1");
        assertThat(servers.objectStore(Server.SEAWEEDFS).endpoint()).hasHost("127.0.0.1");
        assertThat(servers.postgres().host()).isEqualTo("127.0.0.1");
        assertThat(servers.producer("flights").name()).isEqualTo("flights");
        assertThat(servers.producer("flights")).isEqualTo(servers.producer("flights"));
        for (Login login : List.of(servers.minio().admin(), servers.postgres().admin(), servers.producer("flights"))) {
            assertThat(login.secret()).hasSizeGreaterThan(20);
            assertThat(login.toString()).endsWith(":***").doesNotContain(login.secret());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MINIO", "SEAWEEDFS"})
    void anObjectOutlivesAStopAndAKill(Server server) {
        ObjectStoreServer store = servers.objectStore(server);
        try (S3Client admin = S3Clients.of(store, store.admin())) {
            admin.putObject(b -> b.bucket("lake").key("stopped"), RequestBody.fromString("1"));
            servers.stop(server);
            servers.start(server);
            admin.putObject(b -> b.bucket("lake").key("killed"), RequestBody.fromString("2"));
            servers.kill(server);
            servers.start(server);

            assertThat(admin.getObjectAsBytes(b -> b.bucket("lake").key("stopped"))
                            .asUtf8String())
                    .isEqualTo("1");
            assertThat(admin.getObjectAsBytes(b -> b.bucket("lake").key("killed"))
                            .asUtf8String())
                    .isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCommitOutlivesAStopAndAKill(boolean killed) throws SQLException {
        try (Connection connection = connect(Duration.ZERO);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS kept");
            statement.execute("CREATE TABLE kept AS SELECT * FROM generate_series(1, 1000)");
        }
        if (killed) {
            servers.kill(Server.POSTGRES);
        } else {
            servers.stop(Server.POSTGRES);
        }
        assertThatThrownBy(() -> connect(Duration.ZERO)).hasMessageContaining("refused");
        servers.start(Server.POSTGRES);

        try (Connection connection = connect(Duration.ZERO);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM kept")) {
            result.next();
            assertThat(result.getLong(1)).isEqualTo(1000);
        }
    }

    @Test
    void aFrozenServerAnswersNothingUntilItGoesOn() throws Exception {
        HttpRequest health = HttpRequest.newBuilder(servers.minio().endpoint().resolve("/minio/health/live"))
                .timeout(Duration.ofSeconds(1))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        servers.pause(Server.MINIO);
        servers.pause(Server.POSTGRES);
        try {
            assertThatThrownBy(() -> client.send(health, HttpResponse.BodyHandlers.discarding()))
                    .isInstanceOf(HttpTimeoutException.class);
            assertThatThrownBy(() -> connect(Duration.ofSeconds(1))).isInstanceOf(SQLException.class);
        } finally {
            servers.resume(Server.MINIO);
            servers.resume(Server.POSTGRES);
        }
        assertThat(client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        connect(Duration.ofSeconds(5)).close();
    }

    @Test
    void seaweedRefusesAWrongSecret() {
        ObjectStoreServer store = servers.objectStore(Server.SEAWEEDFS);
        try (S3Client stranger = S3Clients.of(store, new Login(store.admin().name(), "wrong"))) {
            assertThatThrownBy(() -> stranger.listObjectsV2(b -> b.bucket("lake")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
        try (S3Client nobody = S3Clients.anonymous(store)) {
            assertThatThrownBy(() -> nobody.putObject(b -> b.bucket("lake").key("x"), RequestBody.fromString("x")))
                    .isInstanceOf(S3Exception.class);
        }
    }

    @Test
    void eachDatabaseHasTheRolesRights() throws SQLException {
        servers.createDatabase("one_more");
        servers.createDatabase("one_more");
        Login cleaner = servers.postgres().login(Role.CLEANER);
        try (Connection connection = DriverManager.getConnection(
                        servers.postgres().jdbcUrl("one_more"), cleaner.name(), cleaner.secret());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (n int)");
        }
        assertThatThrownBy(() -> servers.createDatabase("x; DROP DATABASE lake"))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("a command is a verb and a name");
        assertThatThrownBy(() -> servers.createDatabase("Lake"))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("'Lake'");
    }

    @Test
    void aProcessThatWasGivenTheStateFileUsesTheSameServers() throws IOException {
        Login made = servers.producer("weather");
        LocalServers same = LocalServers.running(HeldServers.stateFile(servers));

        assertThat(same.minio()).isEqualTo(servers.minio());
        assertThat(same.postgres()).isEqualTo(servers.postgres());
        assertThat(same.producer("weather")).isEqualTo(made);
        assertThatThrownBy(() -> same.producer("unknown"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> same.stop(Server.MINIO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another process");
    }

    private static Connection connect(Duration patience) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", servers.postgres().admin().name());
        properties.put("password", servers.postgres().admin().secret());
        properties.put("socketTimeout", String.valueOf(patience.toSeconds()));
        return DriverManager.getConnection(servers.postgres().jdbcUrl("postgres"), properties);
    }
}
