package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.infra.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
 * them, and that no secret is shown.
 */
@Tag("slow")
class DoctorOnServersTest {
    @TempDir
    static Path folder;

    private static ServedLake lake;

    @BeforeAll
    static void makeALake() throws IOException {
        lake = ServedLake.make(folder);
    }

    @AfterAll
    static void stop() {
        lake.close();
    }

    @Test
    void theIngesterSeesThatItMayWriteTheLakeAndNotStaging() throws IOException {
        Diagnosed diagnosed = lake.doctor(lake.environment(Role.INGESTER));
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
        lake.doctor(lake.environment(Role.CLEANER)).assertFinding("lake data", "write", "ok", "written and removed");
        Diagnosed administrator = lake.doctor(lake.administrator());
        administrator.assertFinding("staging area", "write", "ok", "written and removed");
        administrator.assertFinding("staging area", "list", "ok", "1 object");
        lake.doctor(lake.administrator()).assertFinding("staging area", "list", "ok", "1 object");
    }

    @Test
    void theAnalystIsNotBlamedForWhatItMayNotDo() throws IOException {
        Diagnosed diagnosed = lake.doctor(lake.environment(Role.ANALYST));
        diagnosed.assertFinding("staging area", "list", "skipped", "not allowed for this user");
        diagnosed.assertFinding("lake data", "write", "skipped", "not allowed for this user");
        diagnosed.assertFinding("catalog database", "tables", "ok", "only read them");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
        diagnosed.assertFinding("work", "backlog", "skipped", "staging area: list");
        assertThat(diagnosed.exitCode()).isNotEqualTo(ExitCode.BROKEN.code());
    }

    @Test
    void aBlockedQueryIsShownWithItsBlocker() throws SQLException, IOException {
        try (Connection blocker = lake.connect();
                Connection blocked = lake.connect()) {
            long blockerPid = ServedLake.begin(blocker);
            update(blocker, "first");
            long blockedPid = ServedLake.begin(blocked);
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> update(blocked, "second"));
            await().until(() -> isWaiting(blockedPid));

            Diagnosed seen = lake.doctor(lake.administrator());
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
            Diagnosed hidden = lake.doctor(lake.environment(Role.INGESTER));
            hidden.assertFinding(
                    "catalog database", "locks", "ok", "blocked by pid " + blockerPid, "hidden from this user");
            hidden.assertFinding("catalog database", "sessions", "ok", "hidden from this user");
            assertThat(seen.json().toString() + hidden.json()).doesNotContain("first", "second");

            blocker.rollback();
            waiting.join();
            blocked.rollback();
        }
        lake.doctor(lake.administrator()).assertFinding("catalog database", "locks", "ok", "no query waits");
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
        try (Connection connection = lake.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = " + pid)) {
            rows.next();
            return rows.getLong(1) > 0;
        }
    }

    @Test
    void noSecretIsEverShown() {
        for (Map<String, String> environment :
                List.of(lake.administrator(), lake.environment(Role.ANALYST), wrongSecrets())) {
            for (CommandRun run : List.of(
                    lake.run(environment, "doctor"),
                    lake.run(environment, "doctor", "--json"),
                    lake.run(environment, "doctor", "--debug"))) {
                Stream.of("PGPASSWORD", "AWS_SECRET_ACCESS_KEY")
                        .map(environment::get)
                        .forEach(secret -> assertThat(run.out() + run.err()).doesNotContain(secret));
            }
        }
    }

    private static Map<String, String> wrongSecrets() {
        Map<String, String> environment = lake.administrator();
        environment.put("PGPASSWORD", "canary-of-a-password");
        environment.put("AWS_SECRET_ACCESS_KEY", "canary-of-a-secret-key");
        return environment;
    }
}
