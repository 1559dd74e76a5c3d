package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves each fault of the proxies on the real PostgreSQL, by the JDBC driver. */
@Tag("slow")
class PostgresProxyTest {
    private static final PostgresServer POSTGRES = LocalServers.shared().postgres();

    private PostgresProxy proxy;

    @BeforeEach
    void open() throws IOException, SQLException {
        proxy = PostgresProxy.to(POSTGRES);
        execute(direct(), "DROP TABLE IF EXISTS proxied", "CREATE TABLE proxied (n int)");
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void theReplyOfACommitIsCutAfterItHasHappened(String queryMode) throws SQLException {
        Connection client = proxied(queryMode);
        client.setAutoCommit(false);
        execute(client, "INSERT INTO proxied VALUES (1)");
        CompletableFuture<Void> cut = proxy.cutReplyOfNextCommit();

        assertThatThrownBy(client::commit).isInstanceOf(SQLException.class).hasMessageContaining("I/O error");

        assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
        assertThat(rows()).isEqualTo(1);
        assertThat(proxy.tcp().open()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void aCommitIsCutBeforeItReachesTheServer(String queryMode) throws SQLException {
        Connection client = proxied(queryMode);
        client.setAutoCommit(false);
        execute(client, "INSERT INTO proxied VALUES (1)");
        CompletableFuture<Void> cut = proxy.cutNextCommit();

        assertThatThrownBy(client::commit).isInstanceOf(SQLException.class).hasMessageContaining("I/O error");

        assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
        Awaitility.await().until(() -> sessionsOfTheProxy() == 0);
        assertThat(rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void commitsThatWroteNothingAreNotTheNext(String queryMode) throws SQLException {
        try (Connection client = proxied(queryMode)) {
            client.setAutoCommit(false);
            CompletableFuture<Void> cut = proxy.cutReplyOfNextCommit();
            for (int i = 0; i < 10; i++) {
                execute(client, "SELECT * FROM proxied");
                client.commit();
            }
            execute(client, "INSERT INTO proxied VALUES (1)");
            client.rollback();
            execute(client, "SELECT 1");
            client.commit();
            assertThat(cut).isNotDone();

            execute(client, "INSERT INTO proxied VALUES (1)");
            assertThatThrownBy(client::commit).isInstanceOf(SQLException.class);
            assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void anOrderCanBeTakenBackAndIsCarriedOutOnce() throws SQLException {
        proxy.cutReplyOfNextCommit().cancel(false);
        commitOneRow();
        CompletableFuture<Void> cut = proxy.cutReplyOfNextCommit();
        assertThatThrownBy(this::commitOneRow).isInstanceOf(SQLException.class);
        assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
        commitOneRow();

        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void anOrderLetsSomeCommitsPass() throws SQLException {
        CompletableFuture<Void> cut = proxy.cutReplyOfCommitAfter(2);
        commitOneRow();
        commitOneRow();
        assertThat(cut).isNotDone();
        assertThatThrownBy(this::commitOneRow).isInstanceOf(SQLException.class);
        assertThat(cut).succeedsWithin(Duration.ofSeconds(5));

        CompletableFuture<Void> before = proxy.cutCommitAfter(1);
        commitOneRow();
        assertThatThrownBy(this::commitOneRow).isInstanceOf(SQLException.class);
        assertThat(before).succeedsWithin(Duration.ofSeconds(5));
        assertThat(rows()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "extended"})
    void aQueryIsCutByItsText(String queryMode) throws SQLException {
        CompletableFuture<Void> cut = proxy.cutQueryWith("FROM proxied");
        try (Connection other = proxied(queryMode);
                Connection client = proxied(queryMode)) {
            execute(client, "INSERT INTO proxied VALUES (1)");
            assertThat(cut).isNotDone();
            assertThatThrownBy(() -> execute(client, "SELECT n FROM proxied")).isInstanceOf(SQLException.class);
            assertThat(cut).succeedsWithin(Duration.ofSeconds(5));
            assertThatThrownBy(() -> execute(other, "SELECT 1")).isInstanceOf(SQLException.class);
        }
        commitOneRow();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aSecondOrderIsRefusedWhileOneWaits() {
        CompletableFuture<Void> cut = proxy.cutReplyOfNextCommit();

        assertThat(cut).isNotDone();
        assertThatThrownBy(proxy::cutNextCommit).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void latencyComesOnTopAndGoesAgain() throws SQLException {
        try (Connection client = proxied("simple")) {
            proxy.tcp().delay(Duration.ofMillis(200));
            long started = System.nanoTime();
            execute(client, "SELECT 1");
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .isBetween(Duration.ofMillis(390), Duration.ofSeconds(2));

            proxy.tcp().delay(Duration.ZERO);
            started = System.nanoTime();
            execute(client, "SELECT 1");
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMillis(200));
        }
    }

    @Test
    void droppedRepliesLeaveTheClientWaiting() throws SQLException {
        try (Connection client = proxied("simple")) {
            client.setNetworkTimeout(Runnable::run, (int) TimeUnit.SECONDS.toMillis(1));
            proxy.tcp().dropReplies(true);

            assertThatThrownBy(() -> execute(client, "INSERT INTO proxied VALUES (1)"))
                    .isInstanceOf(SQLException.class)
                    .hasRootCauseMessage("Read timed out");
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void openConnectionsAreResetAndNewOnesWork() throws SQLException {
        Connection client = proxied("simple");
        proxy.tcp().resetConnections();

        assertThatThrownBy(() -> execute(client, "SELECT 1")).hasMessageContaining("I/O error");
        commitOneRow();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void newConnectionsAreRefusedWhileOpenOnesStay() throws SQLException, IOException {
        try (Connection client = proxied("simple")) {
            proxy.tcp().refuseConnections(true);

            assertThatThrownBy(() -> proxied("simple")).hasMessageContaining("refused");
            execute(client, "SELECT 1");

            proxy.tcp().refuseConnections(false);
            commitOneRow();
        }
        assertThat(proxy.tcp().accepted()).isEqualTo(2);
    }

    private void commitOneRow() throws SQLException {
        try (Connection client = proxied("simple")) {
            client.setAutoCommit(false);
            execute(client, "INSERT INTO proxied VALUES (1)");
            client.commit();
        }
    }

    private Connection proxied(String queryMode) throws SQLException {
        return connect(proxy.tcp().port(), queryMode);
    }

    private static Connection direct() throws SQLException {
        return connect(POSTGRES.port(), "extended");
    }

    private static Connection connect(int port, String queryMode) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", POSTGRES.admin().name());
        properties.put("password", POSTGRES.admin().secret());
        properties.put("preferQueryMode", queryMode);
        properties.put("ApplicationName", port == POSTGRES.port() ? "direct" : "proxied");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", properties);
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long rows() throws SQLException {
        return count("SELECT count(*) FROM proxied");
    }

    private static long sessionsOfTheProxy() throws SQLException {
        return count("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'proxied'");
    }

    private static long count(String sql) throws SQLException {
        try (Connection connection = direct();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }
}
