package dev.millrace.cli;

import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Role;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves on MinIO and PostgreSQL that servers which are gone, hang, are locked or don't know the user cost their own lines, and
 * never more than ten seconds.
 */
@Tag("slow")
class DoctorInOutagesTest {
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
    void aTableThatSomebodyKeepsLockedCostsItsLinesOnly() throws SQLException, IOException {
        try (Connection locker = lake.connect()) {
            long pid = ServedLake.begin(locker);
            try (Statement statement = locker.createStatement()) {
                statement.execute("LOCK TABLE ducklake_snapshot IN ACCESS EXCLUSIVE MODE");
            }
            Diagnosed diagnosed = lake.doctor(lake.administrator());
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
        Map<String, String> wrong = lake.environment(Role.INGESTER);
        wrong.put("PGPASSWORD", "surely-not-the-password");
        Diagnosed diagnosed = lake.doctor(wrong);
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding(
                "catalog database", "connection", "failed", "password authentication failed", "PGPASSWORD");
        diagnosed.assertFinding("lake", "attached", "skipped", "catalog database: connection");
        diagnosed.assertFinding("lake data", "list", "ok");

        Map<String, String> nowhere = lake.administrator();
        PostgresServer postgres = lake.servers().postgres();
        nowhere.put("MILLRACE_LAKE_CATALOG", "postgres://" + postgres.host() + ":" + postgres.port() + "/no_such_lake");
        lake.doctor(nowhere)
                .assertFinding(
                        "catalog database", "connection", "failed", "no_such_lake", "does not exist", "createdb");

        lake.servers().createDatabase("empty_lake");
        Map<String, String> empty = lake.administrator();
        empty.put("MILLRACE_LAKE_CATALOG", "postgres://" + postgres.host() + ":" + postgres.port() + "/empty_lake");
        Diagnosed withoutLake = lake.doctor(empty);
        withoutLake.assertFinding("catalog database", "tables", "failed", "no DuckLake", "millrace init");
        withoutLake.assertFinding("lake", "attached", "skipped", "catalog database: tables");
    }

    @Test
    void wrongKeysAndAMissingBucketEachHaveTheirLine() throws IOException {
        Map<String, String> wrong = lake.environment(Role.CLEANER);
        wrong.put("AWS_SECRET_ACCESS_KEY", "surely-not-the-secret-key");
        Diagnosed diagnosed = lake.doctor(wrong);
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("staging area", "list", "failed", "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");

        Map<String, String> nowhere = lake.administrator();
        nowhere.put("MILLRACE_STAGING", "s3://no-such-bucket");
        lake.doctor(nowhere).assertFinding("staging area", "list", "failed", "NoSuchBucket", "create the bucket");
    }

    @Test
    void aClockThatIsOffIsToldOfBothServers() throws IOException {
        Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(-20));
        Diagnosed diagnosed = Diagnosed.of(
                CommandRun.at(behind, lake.folder(), lake.environment(Role.CLEANER), "", "doctor", "--json"));
        diagnosed.assertFinding("object store", "service", "failed", "the object store is", "ahead", "NTP");
        diagnosed.assertFinding("catalog database", "clock", "failed", "PostgreSQL is", "ahead", "NTP");
    }

    @Test
    void postgresStoppedOrHanging() throws IOException {
        lake.servers().stop(Server.POSTGRES);
        try {
            Diagnosed stopped = lake.doctor(lake.environment(Role.INGESTER));
            stopped.assertVerdict("broken", ExitCode.BROKEN);
            stopped.assertFinding("catalog database", "connection", "failed", "refused", "start PostgreSQL");
            stopped.assertFinding("lake", "attached", "skipped", "catalog database: connection");
            stopped.assertFinding("staging area", "list", "ok");
        } finally {
            lake.servers().start(Server.POSTGRES);
        }
        lake.servers().pause(Server.POSTGRES);
        try {
            Diagnosed paused = lake.doctor(lake.environment(Role.INGESTER));
            paused.assertVerdict("broken", ExitCode.BROKEN);
            paused.assertFinding("catalog database", "connection", "failed", "no answer");
            paused.assertFinding("lake data", "list", "ok");
        } finally {
            lake.servers().resume(Server.POSTGRES);
        }
        lake.doctor(lake.environment(Role.INGESTER)).assertFinding("lake", "attached", "ok");
    }

    @Test
    void minioStoppedOrHanging() throws IOException {
        lake.servers().stop(Server.MINIO);
        try {
            Diagnosed stopped = lake.doctor(lake.environment(Role.INGESTER));
            stopped.assertVerdict("broken", ExitCode.BROKEN);
            stopped.assertFinding("object store", "service", "failed", "refused", "start the server");
            stopped.assertFinding("staging area", "list", "skipped", "object store: service");
            stopped.assertFinding("lake", "tables", "ok", "3 rows");
            stopped.assertFinding("work", "leases", "ok");
        } finally {
            lake.servers().start(Server.MINIO);
        }
        lake.servers().pause(Server.MINIO);
        try {
            Diagnosed paused = lake.doctor(lake.environment(Role.INGESTER));
            paused.assertVerdict("broken", ExitCode.BROKEN);
            paused.assertFinding("object store", "service", "failed", "no answer");
            paused.assertFinding("work", "backlog", "skipped", "object store: service");
            paused.assertFinding("lake", "tables", "ok", "3 rows");
        } finally {
            lake.servers().resume(Server.MINIO);
        }
    }

    @Test
    void bothHanging() throws IOException {
        lake.servers().pause(Server.MINIO);
        lake.servers().pause(Server.POSTGRES);
        try {
            Diagnosed paused = lake.doctor(lake.administrator());
            paused.assertFinding("object store", "service", "failed", "no answer");
            paused.assertFinding("catalog database", "connection", "failed", "no answer");
        } finally {
            lake.servers().resume(Server.MINIO);
            lake.servers().resume(Server.POSTGRES);
        }
    }
}
