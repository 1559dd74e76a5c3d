package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves on an embedded lake that each thing that can be wrong gets its line, what to do about it, and the right exit code. */
@Tag("slow")
class DoctorTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeALake() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        contract("trips");
        Files.writeString(folder.resolve("trips.csv"), "id,day\n1,2026-11-20\n2,2026-11-21\n3,2026-11-21\n");
        assertThat(run("init").exitCode()).isZero();
        stage("till-1");
        assertThat(run("ingest").exitCode()).isZero();
    }

    private void contract(String dataset) throws IOException {
        Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}
                """);
        Files.writeString(
                folder.resolve("contracts/" + dataset + ".yaml"),
                "dataset: " + dataset + "\nschema: " + dataset + ".avsc\npartition-by: [day]\n");
    }

    private void stage(String producer) {
        assertThat(run("stage", "trips", "trips.csv", "--producer", producer).exitCode())
                .isZero();
    }

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private Diagnosed doctor(String... args) throws IOException {
        return doctor(Clock.systemUTC(), args);
    }

    private Diagnosed doctor(Clock clock, String... args) throws IOException {
        String[] all =
                Stream.concat(Stream.of("doctor", "--json"), Stream.of(args)).toArray(String[]::new);
        CommandRun run = CommandRun.at(clock, folder, Map.of(), "", all);
        return Diagnosed.of(run);
    }

    private LakeSession session() {
        return LakeSession.open(
                new LakeAddress(
                        new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")),
                        folder.resolve("lake").toString()),
                SessionOptions.of(SessionOptions.Access.WRITE));
    }

    @Test
    void aHealthyLake() throws IOException {
        Diagnosed diagnosed = doctor();

        // The disk of the machine that runs this may be nearly full.
        if (diagnosed.check("disk", "space").get("status").asText().equals("ok")) {
            diagnosed.assertVerdict("healthy", ExitCode.DONE);
        }
        diagnosed.assertFinding("configuration", "file", "ok", "the defaults");
        diagnosed.assertFinding("configuration", "contracts", "ok", "1 contract");
        diagnosed.assertFinding("engine", "versions", "ok", "DuckDB v", "ducklake", "sqlite_scanner");
        diagnosed.assertFinding("staging area", "list", "ok", "1 object");
        diagnosed.assertFinding("staging area", "write", "ok", "written and removed");
        diagnosed.assertFinding("lake data", "write", "ok", "written and removed");
        diagnosed.assertFinding("catalog database", "sqlite file", "ok", "WAL mode");
        diagnosed.assertFinding("catalog database", "integrity", "ok", "10 s", "quick check ok");
        diagnosed.assertFinding("lake", "attached", "ok", "as 'lake'", folder.toRealPath() + "/lake/", "format 1.0");
        diagnosed.assertFinding("lake", "pipeline tables", "ok", "version 1");
        diagnosed.assertFinding("lake", "contracts", "ok", "1 contract, each with its table");
        diagnosed.assertFinding("work", "leases", "ok", "nobody holds one");
        diagnosed.assertFinding("work", "last runs", "ok", "trips, ingest", "succeeded");
        diagnosed.assertFinding("work", "quarantine", "ok", "no file was refused");
        diagnosed.assertFinding("work", "backlog", "ok", "nothing waits");
        JsonNode trips = diagnosed.check("lake", "tables").at("/items/0");
        assertThat(trips.get("subject").asText()).isEqualTo("main.trips");
        assertThat(trips.at("/numbers/rows").asLong()).isEqualTo(3);
        assertThat(trips.at("/numbers/files").asLong()).isEqualTo(2);
        assertThat(trips.at("/numbers/bytes").asLong()).isPositive();
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        doctor();
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.contains("doctor") || name.startsWith(".spool"));
        }
    }

    @Test
    void forPeopleThereIsALineForEachCheckAndWhatToDoBelow() throws IOException {
        Files.delete(folder.resolve("contracts/trips.yaml"));
        CommandRun run = run("doctor");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("(?m)^ {2}ok +versions +\\d+ ms +DuckDB")
                .containsPattern("(?m)^ {2}warning +contracts +\\d+ ms +1 dataset where contract and table differ$")
                .containsPattern("(?m)^ +warning trips: has a table, but no contract any more$")
                .containsPattern("(?m)^ +-> put the contract back")
                .containsPattern("(?m)^degraded: \\d+ ok, 1 warning; \\d+ ms$")
                .doesNotContain("\u001b");
        assertThat(run.exitCode()).isEqualTo(ExitCode.DEGRADED.code());
    }

    @Test
    void withoutAConfigurationThereIsOneFailedCheck() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("elsewhere"));
        CommandRun run = CommandRun.of(empty, "doctor", "--json");
        Diagnosed diagnosed = Diagnosed.of(run);
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("configuration", "file", "failed", "there is none", "--config");
        diagnosed.assertFinding("configuration", "everything else", "skipped", "configuration: file");
        assertThat(diagnosed.json().get("checks")).hasSize(2);
    }

    @Test
    void aWrongKeyIsNamedWithItsLine() throws IOException {
        Files.writeString(folder.resolve("millrace.yaml"), "staging: ./staging\ncontratcs: ./contracts\n");
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("configuration", "file", "failed", "millrace.yaml:2", "contracts");
    }

    @Test
    void aWrongContractDoesNotStopTheOtherChecks() throws IOException {
        Files.writeString(folder.resolve("contracts/trips.avsc"), "{");
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("configuration", "contracts", "failed", "trips.avsc");
        diagnosed.assertFinding("lake", "contracts", "skipped", "configuration: contracts");
        diagnosed.assertFinding("lake", "tables", "ok", "main.trips");
        diagnosed.assertFinding("work", "last runs", "ok", "trips, ingest");
    }

    @Test
    void aMissingStagingAreaIsNamedWhileTheLakeIsStillLookedAt() throws IOException {
        Files.move(folder.resolve("staging"), folder.resolve("moved"));
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("staging area", "list", "failed", "staging does not exist", "millrace init");
        diagnosed.assertFinding("staging area", "write", "skipped", "staging area: list");
        diagnosed.assertFinding("work", "backlog", "skipped", "staging area: list");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
    }

    @Test
    void aMissingCatalogIsNamedOnce() throws IOException {
        Files.delete(folder.resolve("lake.sqlite"));
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("catalog database", "sqlite file", "failed", "does not exist", "millrace init");
        diagnosed.assertFinding("lake", "attached", "skipped", "catalog database: sqlite file");
        diagnosed.assertFinding("work", "leases", "skipped", "catalog database: sqlite file");
        assertThat(folder.resolve("lake.sqlite")).doesNotExist();
    }

    @Test
    void aFileThatIsNoCatalogIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("lake.sqlite"), "my diary\n".repeat(500));
        doctor().assertFinding("catalog database", "sqlite file", "failed", "not a SQLite database");
        assertThat(folder.resolve("lake.sqlite")).hasContent("my diary\n".repeat(500));
    }

    @Test
    void anotherDataPathIsNamed() throws IOException {
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("millrace.yaml"), "lake: {data: ./other}\n");
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("lake", "attached", "failed", "another data path", "other/", "lake.data");
        diagnosed.assertFinding("lake", "tables", "skipped", "lake: attached");
    }

    @Test
    void tablesOfAnotherVersionAreRefused() throws IOException {
        try (LakeSession session = session()) {
            session.execute("UPDATE lake.millrace.version SET version = 7");
        }
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("lake", "pipeline tables", "failed", "version 7", "upgrade");
        diagnosed.assertFinding("work", "leases", "skipped", "lake: pipeline tables");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
    }

    @Test
    void aMissingTableOfThePipelineIsNamed() throws IOException {
        try (LakeSession session = session()) {
            session.execute("DROP TABLE lake.millrace.ledger");
        }
        doctor().assertFinding("lake", "pipeline tables", "failed", "ledger", "backup");
    }

    @Test
    void aDamagedCatalogIsFound() throws IOException {
        damage("ducklake_files_scheduled_for_deletion");
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("catalog database", "integrity", "failed", "malformed", "backup");
        damage("ducklake_snapshot");
        doctor().assertFinding("lake", "attached", "failed", "malformed", "backup");
    }

    /** Overwrites the first page of a table of the catalog. */
    private void damage(String table) throws IOException {
        long page;
        try (LakeSession session = session()) {
            session.execute("BEGIN TRANSACTION");
            page = session.queryLong(
                    "FROM sqlite_query('__ducklake_metadata_lake', ?)",
                    "SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'");
            session.execute("ROLLBACK");
        }
        assertThat(folder.resolve("lake.sqlite-wal"))
                .as("the log was written back")
                .doesNotExist();
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("lake.sqlite").toFile(), "rw")) {
            file.seek((page - 1) * 4_096);
            file.write(new byte[4_096]);
        }
    }

    @Test
    void aLeaseThatHasExpiredIsAWarning() throws IOException {
        HeldLease.hold(folder, "trips");
        doctor().assertFinding("work", "leases", "ok", "1 lease held", "trips, ingest", "expires in");
        Diagnosed diagnosed = doctor(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(10)));
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("work", "leases", "warning", "by runs that died", "expired", "takes it over");
    }

    @Test
    void filesThatWaitForLongAreAWarning() throws IOException {
        stage("till-2");
        doctor().assertFinding("work", "backlog", "ok", "1 file", "trips");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
        Diagnosed diagnosed = doctor(later);
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding(
                "work", "backlog", "warning", "1 file", "2h 0m", "more than 10m 30s", "millrace ingest");
        doctor(later, "--max-wait", "3h").assertFinding("work", "backlog", "ok", "1 file");
    }

    @Test
    void refusedFilesAreAWarningUntilTheyAreDeleted() throws IOException {
        Path file = folder.resolve("staging/trips/stranger/list.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "this is a shopping list");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(run("ingest").exitCode()).isZero();
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("work", "quarantine", "warning", "1 refused file", "list.parquet (not-parquet)");
        Files.delete(file);
        doctor().assertFinding("work", "quarantine", "ok", "1 refused file, none of them left");
    }

    @Test
    void contractsAndTablesThatDoNotMatch() throws IOException {
        contract("rides");
        Diagnosed diagnosed = doctor();
        diagnosed.assertVerdict("degraded", ExitCode.DEGRADED);
        diagnosed.assertFinding("lake", "contracts", "warning", "rides", "has no table yet", "millrace init");
        try (LakeSession session = session()) {
            session.execute("CREATE TABLE lake.notes AS SELECT 'of an analyst' AS note");
        }
        assertThat(run("init").exitCode()).isZero();
        Diagnosed withAForeignTable = doctor();
        withAForeignTable.assertFinding("lake", "contracts", "ok", "2 contracts");
        withAForeignTable.assertFinding("lake", "tables", "ok", "main.notes", "1 row in 0 files");
    }

    @Test
    void datasetsCanBeChosen() throws IOException {
        contract("rides");
        assertThat(run("init").exitCode()).isZero();
        Diagnosed diagnosed = doctor("rides");
        assertThat(diagnosed.check("lake", "tables").toString())
                .contains("main.rides")
                .doesNotContain("main.trips");
        assertThat(diagnosed.check("work", "last runs").toString()).doesNotContain("trips");
        CommandRun unknown = run("doctor", "nothing");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unknown.err()).contains("there is no dataset 'nothing'");
        assertThat(run("doctor", "--max-wait", "soon").exitCode()).isEqualTo(ExitCode.USAGE.code());
    }
}
