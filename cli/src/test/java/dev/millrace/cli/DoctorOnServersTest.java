package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves on MinIO and PostgreSQL that each role gets the answers that it may have, that blocked queries are shown with who blocks
 * them, and that servers which are gone or hang cost their own lines and never more than ten seconds.
 */
@Tag("slow")
class DoctorOnServersTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @TempDir
    static Path folder;

    private static LocalServers servers;

    @BeforeAll
    static void makeALake() throws IOException {
        servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES));
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

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static void assertDone(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private static Map<String, String> keys(Login login) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MILLRACE_CONFIG", folder.resolve("millrace.yaml").toString());
        environment.put("AWS_ACCESS_KEY_ID", login.name());
        environment.put("AWS_SECRET_ACCESS_KEY", login.secret());
        return environment;
    }

    private static Map<String, String> environment(Login s3, Login postgres) {
        Map<String, String> environment = keys(s3);
        environment.put("PGUSER", postgres.name());
        environment.put("PGPASSWORD", postgres.secret());
        return environment;
    }

    private static Map<String, String> environment(Role role) {
        return environment(servers.minio().login(role), servers.postgres().login(role));
    }

    private static Map<String, String> administrator() {
        return environment(servers.minio().admin(), servers.postgres().admin());
    }

    private static CommandRun run(Map<String, String> environment, String... args) {
        return CommandRun.of(folder, environment, "", args);
    }

    private static Diagnosed doctor(Map<String, String> environment) throws IOException {
        long begun = System.nanoTime();
        Diagnosed diagnosed = Diagnosed.of(run(environment, "doctor", "--json"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONGEST);
        return diagnosed;
    }

    private static Connection connect() throws SQLException {
        PostgresServer postgres = servers.postgres();
        return DriverManager.getConnection(
                postgres.jdbcUrl(postgres.database()),
                postgres.admin().name(),
                postgres.admin().secret());
    }

    @Test
    void theIngesterSeesThatItMayWriteTheLakeAndNotStaging() throws IOException {
        Diagnosed diagnosed = doctor(environment(Role.INGESTER));
        diagnosed.assertFinding("engine", "versions", "ok", "postgres_scanner", "httpfs");
        diagnosed.assertFinding("object store", "keys", "ok");
        diagnosed.assertFinding("object store", "service", "ok", "answers", "less than 1 s from the object store");
        diagnosed.assertFinding("staging area", "list", "ok", "s3://staging", "1 object");
        diagnosed.assertFinding("staging area", "write", "skipped", "not allowed for this user");
        diagnosed.assertFinding("lake data", "list", "ok", "s3://lake");
        diagnosed.assertFinding("lake data", "write", "ok", "begun and given up");
        diagnosed.assertFinding("catalog database", "connection", "ok", "hidden", "pg_monitor");
        diagnosed.assertFinding("catalog database", "version", "ok", "PostgreSQL 1");
        diagnosed.assertFinding("catalog database", "clock", "ok", "less than 1 s from PostgreSQL");
        diagnosed.assertFinding("catalog database", "connections", "ok", "connections used");
        diagnosed.assertFinding("catalog database", "tables", "ok", "may write them");
        diagnosed.assertFinding("catalog database", "vacuum", "ok", "dead row");
        diagnosed.assertFinding("lake", "attached", "ok", "as 'lake'", "data path s3://lake/");
        diagnosed.assertFinding("lake", "tables", "ok", "main.trips", "3 rows in 1 file");
        diagnosed.assertFinding("work", "last runs", "ok", "succeeded");
        diagnosed.assertFinding("work", "backlog", "ok", "nothing waits");
        assertThat(diagnosed.check("disk", "space").toString()).doesNotContain("s3:");
    }

    @Test
    void theCleanerWritesAndRemovesAProbeThatNobodySeesAfterwards() throws IOException {
        doctor(environment(Role.CLEANER)).assertFinding("lake data", "write", "ok", "written and removed");
        Diagnosed administrator = doctor(administrator());
        administrator.assertFinding("staging area", "write", "ok", "written and removed");
        administrator.assertFinding("staging area", "list", "ok", "1 object");
        doctor(administrator()).assertFinding("staging area", "list", "ok", "1 object");
    }

    @Test
    void theAnalystIsNotBlamedForWhatItMayNotDo() throws IOException {
        Diagnosed diagnosed = doctor(environment(Role.ANALYST));
        diagnosed.assertFinding("staging area", "list", "skipped", "not allowed for this user");
        diagnosed.assertFinding("lake data", "write", "skipped", "not allowed for this user");
        diagnosed.assertFinding("catalog database", "tables", "ok", "only read them");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
        diagnosed.assertFinding("work", "backlog", "skipped", "staging area: list");
        assertThat(diagnosed.exitCode()).isNotEqualTo(ExitCode.BROKEN.code());
    }

    @Test
    void aBlockedQueryIsShownWithItsBlocker() throws SQLException, IOException {
        try (Connection blocker = connect();
                Connection blocked = connect()) {
            long blockerPid = begin(blocker);
            update(blocker, "first");
            long blockedPid = begin(blocked);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> update(blocked, "second"));
            await().until(() -> isWaiting(blockedPid));

            Diagnosed seen = doctor(administrator());
            seen.assertFinding(
                    "catalog database",
                    "locks",
                    "ok",
                    "1 blocked query",
                    "pid " + blockedPid,
                    "(UPDATE ducklake_metadata SET value = value",
                    "blocked by pid " + blockerPid,
                    "idle in transaction");
            seen.assertFinding("catalog database", "sessions", "ok", "1 idle in transaction", "pid " + blockerPid);
            Diagnosed hidden = doctor(environment(Role.INGESTER));
            hidden.assertFinding(
                    "catalog database", "locks", "ok", "blocked by pid " + blockerPid, "hidden from this user");
            hidden.assertFinding("catalog database", "sessions", "ok", "hidden from this user");
            assertThat(seen.json().toString() + hidden.json()).doesNotContain("first", "second");

            blocker.rollback();
            waiting.join();
            blocked.rollback();
        }
        doctor(administrator()).assertFinding("catalog database", "locks", "ok", "no query waits");
    }

    private static long begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Locks a row of the catalog, with a text in the query that nobody else should see. */
    private static void update(Connection connection, String text) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE ducklake_metadata SET value = value WHERE key = 'version' AND '" + text + "' <> ''");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isWaiting(long pid) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + pid)) {
            rows.next();
            return rows.getLong(1) > 0;
        }
    }

    @Test
    void aTableThatSomebodyKeepsLockedCostsItsLinesOnly() throws SQLException, IOException {
        try (Connection locker = connect()) {
            long pid = begin(locker);
            try (Statement statement = locker.createStatement()) {
                statement.execute("LOCK TABLE ducklake_snapshot IN ACCESS EXCLUSIVE MODE");
            }
            Diagnosed diagnosed = doctor(administrator());
            diagnosed.assertVerdict("broken", ExitCode.BROKEN);
            diagnosed.assertFinding("catalog database", "tables", "failed", "lets nobody read", "'sessions'");
            diagnosed.assertFinding("catalog database", "sessions", "ok", "pid " + pid, "LOCK TABLE ducklake_snapshot");
            diagnosed.assertFinding("lake", "attached", "skipped", "catalog database: tables");
            diagnosed.assertFinding("staging area", "list", "ok");
            locker.rollback();
        }
    }

    @Test
    void aWrongPasswordAndAMissingDatabaseEachHaveTheirLine() throws IOException {
        Map<String, String> wrong = environment(Role.INGESTER);
        wrong.put("PGPASSWORD", "surely-not-the-password");
        Diagnosed diagnosed = doctor(wrong);
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding(
                "catalog database", "connection", "failed", "password authentication failed", "PGPASSWORD");
        diagnosed.assertFinding("lake", "attached", "skipped", "catalog database: connection");
        diagnosed.assertFinding("lake data", "list", "ok");

        Map<String, String> nowhere = administrator();
        PostgresServer postgres = servers.postgres();
        nowhere.put("MILLRACE_LAKE_CATALOG", "postgres://" + postgres.host() + ":" + postgres.port() + "/no_such_lake");
        doctor(nowhere)
                .assertFinding(
                        "catalog database", "connection", "failed", "no_such_lake", "does not exist", "createdb");

        servers.createDatabase("empty_lake");
        Map<String, String> empty = administrator();
        empty.put("MILLRACE_LAKE_CATALOG", "postgres://" + postgres.host() + ":" + postgres.port() + "/empty_lake");
        Diagnosed withoutLake = doctor(empty);
        withoutLake.assertFinding("catalog database", "tables", "failed", "no DuckLake", "millrace init");
        withoutLake.assertFinding("lake", "attached", "skipped", "catalog database: tables");
    }

    @Test
    void wrongKeysAndAMissingBucketEachHaveTheirLine() throws IOException {
        Map<String, String> wrong = environment(Role.CLEANER);
        wrong.put("AWS_SECRET_ACCESS_KEY", "surely-not-the-secret-key");
        Diagnosed diagnosed = doctor(wrong);
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("staging area", "list", "failed", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");

        Map<String, String> nowhere = administrator();
        nowhere.put("MILLRACE_STAGING", "s3://no-such-bucket");
        doctor(nowhere).assertFinding("staging area", "list", "failed", "NoSuchBucket", "create the bucket");
    }

    @Test
    void aClockThatIsOffIsToldOfBothServers() throws IOException {
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-20));
        Diagnosed diagnosed =
                Diagnosed.of(CommandRun.at(behind, folder, environment(Role.CLEANER), "", "doctor", "--json"));
        diagnosed.assertFinding("object store", "service", "failed", "the object store is", "ahead", "NTP");
        diagnosed.assertFinding("catalog database", "clock", "failed", "PostgreSQL is", "ahead", "NTP");
    }

    @Test
    void postgresStoppedOrHanging() throws IOException {
        servers.stop(Server.POSTGRES);
        try {
            Diagnosed stopped = doctor(environment(Role.INGESTER));
            stopped.assertVerdict("broken", ExitCode.BROKEN);
            stopped.assertFinding("catalog database", "connection", "failed", "refused", "start PostgreSQL");
            stopped.assertFinding("lake", "attached", "skipped", "catalog database: connection");
            stopped.assertFinding("staging area", "list", "ok");
        } finally {
            servers.start(Server.POSTGRES);
        }
        servers.pause(Server.POSTGRES);
        try {
            Diagnosed paused = doctor(environment(Role.INGESTER));
            paused.assertVerdict("broken", ExitCode.BROKEN);
            paused.assertFinding("catalog database", "connection", "failed", "no answer");
            paused.assertFinding("lake data", "list", "ok");
        } finally {
            servers.resume(Server.POSTGRES);
        }
        doctor(environment(Role.INGESTER)).assertFinding("lake", "attached", "ok");
    }

    @Test
    void minioStoppedOrHanging() throws IOException {
        servers.stop(Server.MINIO);
        try {
            Diagnosed stopped = doctor(environment(Role.INGESTER));
            stopped.assertVerdict("broken", ExitCode.BROKEN);
            stopped.assertFinding("object store", "service", "failed", "refused", "start the server");
            stopped.assertFinding("staging area", "list", "skipped", "object store: service");
            stopped.assertFinding("lake", "tables", "ok", "3 rows");
            stopped.assertFinding("work", "leases", "ok");
        } finally {
            servers.start(Server.MINIO);
        }
        servers.pause(Server.MINIO);
        try {
            Diagnosed paused = doctor(environment(Role.INGESTER));
            paused.assertVerdict("broken", ExitCode.BROKEN);
            paused.assertFinding("object store", "service", "failed", "no answer");
            paused.assertFinding("work", "backlog", "skipped", "object store: service");
            paused.assertFinding("lake", "tables", "ok", "3 rows");
        } finally {
            servers.resume(Server.MINIO);
        }
    }

    @Test
    void bothHanging() throws IOException {
        servers.pause(Server.MINIO);
        servers.pause(Server.POSTGRES);
        try {
            Diagnosed paused = doctor(administrator());
            paused.assertFinding("object store", "service", "failed", "no answer");
            paused.assertFinding("catalog database", "connection", "failed", "no answer");
        } finally {
            servers.resume(Server.MINIO);
            servers.resume(Server.POSTGRES);
        }
    }

    @Test
    void noSecretIsEverShown() {
        for (Map<String, String> environment : List.of(administrator(), environment(Role.ANALYST), wrongSecrets())) {
            for (CommandRun run : List.of(
                    run(environment, "doctor"),
                    run(environment, "doctor", "--json"),
                    run(environment, "doctor", "--debug"))) {
                Stream.of("PGPASSWORD", "AWS_SECRET_ACCESS_KEY")
                        .map(environment::get)
                        .forEach(secret -> assertThat(run.out() + run.err()).doesNotContain(secret));
            }
        }
    }

    private static Map<String, String> wrongSecrets() {
        Map<String, String> environment = administrator();
        environment.put("PGPASSWORD", "canary-of-a-password");
        environment.put("AWS_SECRET_ACCESS_KEY", "canary-of-a-secret-key");
        return environment;
    }
}
