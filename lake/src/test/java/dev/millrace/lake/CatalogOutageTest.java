package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.PostgresProxy;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves on a PostgreSQL of its own that a session outlives its catalog's server, and that each transaction happens once,
 * wherever its connection broke.
 */
@Tag("slow")
class CatalogOutageTest {
    private static final String TOKEN = "SELECT token FROM lake.millrace.lease WHERE dataset = 'trips'";
    private static final String RAISE = "UPDATE lake.millrace.lease SET token = token + 1 WHERE dataset = 'trips'";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static LocalServers servers;

    @TempDir
    Path folder;

    private final List<String> notices = new CopyOnWriteArrayList<>();
    private String database;

    @BeforeAll
    static void startTheServer() {
        servers = LocalServers.start(Set.of(Server.POSTGRES));
    }

    @AfterAll
    static void endTheServer() {
        servers.close();
    }

    @BeforeEach
    void makeTheLake() {
        database = "outage" + DATABASES.incrementAndGet();
        servers.createDatabase(database);
        try (LakeSession session = open(servers.postgres().port(), SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            session.execute("INSERT INTO lake.millrace.lease (dataset, activity, token) VALUES ('trips', 'ingest', 0)");
        }
    }

    private LakeSession open(int port, SessionOptions.Access access) {
        return open(port, access, Duration.ofMinutes(1));
    }

    private LakeSession open(int port, SessionOptions.Access access, Duration outage) {
        PostgresServer server = servers.postgres();
        PostgresAddress address = new PostgresAddress(
                server.host(),
                port,
                database,
                server.admin().name(),
                Map.of(),
                Optional.of(server.admin().secret()));
        return LakeSession.open(
                new LakeAddress(new Catalog.PostgresCatalog(address), folder.toString()),
                SessionOptions.of(access).withOutage(outage).withNotices(notices::add));
    }

    private LakeSession open() {
        return open(servers.postgres().port(), SessionOptions.Access.WRITE);
    }

    private static CommitRetry.Outcome<Long> raise(LakeSession session, Runnable meanwhile) {
        long before = session.queryLong(TOKEN);
        return CommitRetry.STANDARD.run(
                session,
                "raising the token",
                () -> {
                    session.update(RAISE);
                    meanwhile.run();
                    return before + 1;
                },
                () -> session.queryOne(TOKEN, row -> row.getLong(1)).filter(token -> token > before));
    }

    private static void down(String how) {
        if (how.equals("killed")) {
            servers.kill(Server.POSTGRES);
        } else {
            servers.stop(Server.POSTGRES);
        }
    }

    /** The server comes back once somebody waits for it. */
    private CompletableFuture<Void> startWhenNoticed() {
        return CompletableFuture.runAsync(() -> {
            Awaitility.await().until(() -> !notices.isEmpty());
            servers.start(Server.POSTGRES);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void aReadWaitsForTheServerAndTheEnginesOwnTablesStay(String how) {
        try (LakeSession session = open()) {
            session.execute("CREATE TEMP TABLE own AS SELECT 42 AS n");
            down(how);
            CompletableFuture<Void> started = startWhenNoticed();
            assertThat(session.queryLong(TOKEN)).isZero();
            started.join();
            assertThat(session.queryLong("SELECT n FROM own")).isEqualTo(42);
            assertThat(notices)
                    .singleElement()
                    .asString()
                    .contains("does not answer")
                    .contains("waiting for it up to 60 s");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void aTransactionWhoseServerGoesAwayIsRepeatedOnce(String how) {
        try (LakeSession session = open()) {
            AtomicInteger tries = new AtomicInteger();
            CompletableFuture<Void> started = startWhenNoticed();
            CommitRetry.Outcome<Long> outcome = raise(session, () -> {
                if (tries.incrementAndGet() == 1) {
                    down(how);
                }
            });
            started.join();
            assertThat(outcome.value()).isEqualTo(1);
            assertThat(tries).hasValue(2);
            assertThat(session.queryLong(TOKEN)).isEqualTo(1);
        }
    }

    @Test
    void aServerThatStaysAwayIsGivenUpAndNothingHasChanged() {
        try (LakeSession session =
                open(servers.postgres().port(), SessionOptions.Access.WRITE, Duration.ofSeconds(1))) {
            servers.stop(Server.POSTGRES);
            try {
                assertThatThrownBy(() -> session.queryLong(TOKEN))
                        .isInstanceOf(CatalogUnreachableException.class)
                        .hasMessageContaining("does not answer");
                assertThatThrownBy(() -> CommitRetry.STANDARD.run(
                                session, "raising the token", () -> session.update(RAISE), Optional::empty))
                        .isInstanceOf(CatalogUnreachableException.class)
                        .hasMessageContaining("raising the token failed, nothing was changed");
            } finally {
                servers.start(Server.POSTGRES);
            }
            assertThat(session.queryLong(TOKEN)).isZero();
        }
    }

    @Test
    void aConnectionThatTheServerEndsIsReplaced() {
        try (LakeSession session = open();
                LakeSession other = open()) {
            for (int i = 1; i <= 3; i++) {
                AtomicInteger tries = new AtomicInteger();
                raise(session, () -> {
                    if (tries.incrementAndGet() == 1) {
                        endConnections(other);
                    }
                });
                assertThat(tries).hasValue(2);
                assertThat(session.queryLong(TOKEN)).isEqualTo(i);
            }
        }
    }

    /** All of PostgreSQL's connections with this database but the one that it is asked by. */
    private static void endConnections(LakeSession by) {
        by.queryLong("""
                SELECT * FROM postgres_query('__ducklake_metadata_lake', $$
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() $$)
                """);
    }

    @Test
    void aCommitWhoseReplyIsCutIsReadBackAndNotRepeated() throws IOException {
        try (PostgresProxy proxy = PostgresProxy.to(servers.postgres());
                LakeSession session = open(proxy.tcp().port(), SessionOptions.Access.WRITE)) {
            List<CompletableFuture<Void>> cuts = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                AtomicInteger tries = new AtomicInteger();
                CommitRetry.Outcome<Long> outcome = raise(session, () -> {
                    tries.incrementAndGet();
                    cuts.add(proxy.cutReplyOfNextCommit());
                });
                assertThat(outcome.value()).isEqualTo(i);
                assertThat(tries).hasValue(1);
                assertThat(session.queryLong(TOKEN)).isEqualTo(i);
            }
            assertThat(cuts).hasSize(20).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aCommitThatNeverArrivedIsRepeated() throws IOException {
        try (PostgresProxy proxy = PostgresProxy.to(servers.postgres());
                LakeSession session = open(proxy.tcp().port(), SessionOptions.Access.WRITE)) {
            List<CompletableFuture<Void>> cuts = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                AtomicInteger tries = new AtomicInteger();
                raise(session, () -> {
                    if (tries.incrementAndGet() == 1) {
                        cuts.add(proxy.cutNextCommit());
                    }
                });
                assertThat(tries).hasValue(2);
                assertThat(session.queryLong(TOKEN)).isEqualTo(i);
            }
            assertThat(cuts).hasSize(5).allMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void aLongReadOutlivesTheServersTimeoutForIdleTransactions() {
        try (LakeSession session = open()) {
            ask(session, "ALTER DATABASE " + database + " SET idle_in_transaction_session_timeout = '100ms'");
        }
        try (LakeSession session = open()) {
            long begun = System.nanoTime();
            long rows = session.queryLong("""
                    SELECT count(*) FROM lake.millrace.version, range(100000000) r WHERE hash(version + r.range) % 2 < 2
                    """);
            assertThat(rows).isEqualTo(100_000_000);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(200));
        }
    }

    private static void ask(LakeSession session, String sql) {
        session.execute("CALL postgres_execute('__ducklake_metadata_lake', ?)", sql);
    }
}
