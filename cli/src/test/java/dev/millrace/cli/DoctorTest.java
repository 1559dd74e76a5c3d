package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves on an embedded lake that each place that can be wrong gets its line, what to do about it, and the right exit code. */
@Tag("slow")
class DoctorTest {
    @TempDir
    Path folder;

    private ExaminedLake lake;

    @BeforeEach
    void makeALake() throws IOException {
        lake = ExaminedLake.make(folder);
    }

    @Test
    void aHealthyLake() throws IOException {
        Diagnosed diagnosed = lake.doctor();

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
        diagnosed.assertFinding("lake", "pipeline tables", "ok", "version " + PipelineTables.VERSION);
        diagnosed.assertFinding("lake", "contracts", "ok", "1 contract, each with its table");
        diagnosed.assertFinding("work", "leases", "ok", "nobody holds one");
        diagnosed.assertFinding("work", "last runs", "ok", "trips, ingest", "succeeded");
        diagnosed.assertFinding("work", "quarantine", "ok", "no file was refused");
        diagnosed.assertFinding("work", "orphans", "ok", "not looked for yet");
        diagnosed.assertFinding("work", "backlog", "ok", "nothing waits");
        JsonNode trips = diagnosed.check("lake", "tables").at("/items/0");
        assertThat(trips.get("subject").asText()).isEqualTo("main.trips");
        assertThat(trips.at("/numbers/rows").asLong()).isEqualTo(3);
        assertThat(trips.at("/numbers/files").asLong()).isEqualTo(2);
        assertThat(trips.at("/numbers/bytes").asLong()).isPositive();
    }

    /** What the engine makes of two deletes at once on PostgreSQL, made here by hand. */
    @Test
    void aFileWithMoreThanOneSetOfDeletesIsNamed() throws IOException {
        try (LakeSession session = lake.session()) {
            session.execute("DELETE FROM lake.main.trips WHERE id = 2");
            session.execute("INSERT INTO __ducklake_metadata_lake.ducklake_delete_file SELECT"
                    + " * REPLACE (delete_file_id + 1000 AS delete_file_id)"
                    + " FROM __ducklake_metadata_lake.ducklake_delete_file");
        }
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("lake", "deletes", "failed", "main.trips", "1 file", "one program at a time");
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        lake.doctor();
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.contains("doctor") || name.startsWith(".spool"));
        }
    }

    @Test
    void forPeopleThereIsALineForEachCheckAndWhatToDoBelow() throws IOException {
        Files.delete(folder.resolve("contracts/trips.yaml"));
        CommandRun run = lake.run("doctor");
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
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("configuration", "file", "failed", "millrace.yaml:2", "contracts");
    }

    @Test
    void aWrongContractDoesNotStopTheOtherChecks() throws IOException {
        Files.writeString(folder.resolve("contracts/trips.avsc"), "{");
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("configuration", "contracts", "failed", "trips.avsc");
        diagnosed.assertFinding("lake", "contracts", "skipped", "configuration: contracts");
        diagnosed.assertFinding("lake", "tables", "ok", "main.trips");
        diagnosed.assertFinding("work", "last runs", "ok", "trips, ingest");
    }

    @Test
    void aMissingStagingAreaIsNamedWhileTheLakeIsStillLookedAt() throws IOException {
        Files.move(folder.resolve("staging"), folder.resolve("moved"));
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("staging area", "list", "failed", "staging does not exist", "millrace init");
        diagnosed.assertFinding("staging area", "write", "skipped", "staging area: list");
        diagnosed.assertFinding("work", "backlog", "skipped", "staging area: list");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
    }

    @Test
    void aMissingCatalogIsNamedOnce() throws IOException {
        Files.delete(folder.resolve("lake.sqlite"));
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("catalog database", "sqlite file", "failed", "does not exist", "millrace init");
        diagnosed.assertFinding("lake", "attached", "skipped", "catalog database: sqlite file");
        diagnosed.assertFinding("work", "leases", "skipped", "catalog database: sqlite file");
        assertThat(folder.resolve("lake.sqlite")).doesNotExist();
    }

    @Test
    void aFileThatIsNoCatalogIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("lake.sqlite"), "my diary\n".repeat(500));
        lake.doctor().assertFinding("catalog database", "sqlite file", "failed", "not a SQLite database");
        assertThat(folder.resolve("lake.sqlite")).hasContent("my diary\n".repeat(500));
    }

    @Test
    void anotherDataPathIsNamed() throws IOException {
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("millrace.yaml"), "lake: {data: ./other}\n");
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("lake", "attached", "failed", "another data path", "other/", "lake.data");
        diagnosed.assertFinding("lake", "tables", "skipped", "lake: attached");
    }

    @Test
    void tablesOfAnotherVersionAreRefused() throws IOException {
        try (LakeSession session = lake.session()) {
            session.execute("UPDATE lake.millrace.version SET version = 7");
        }
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("lake", "pipeline tables", "failed", "version 7", "upgrade");
        diagnosed.assertFinding("work", "leases", "skipped", "lake: pipeline tables");
        diagnosed.assertFinding("lake", "tables", "ok", "3 rows");
    }

    @Test
    void aMissingTableOfThePipelineIsNamed() throws IOException {
        try (LakeSession session = lake.session()) {
            session.execute("DROP TABLE lake.millrace.ledger");
        }
        lake.doctor().assertFinding("lake", "pipeline tables", "failed", "ledger", "backup");
    }

    @Test
    void aDamagedCatalogIsFound() throws IOException {
        damage("ducklake_files_scheduled_for_deletion");
        Diagnosed diagnosed = lake.doctor();
        diagnosed.assertVerdict("broken", ExitCode.BROKEN);
        diagnosed.assertFinding("catalog database", "integrity", "failed", "malformed", "backup");
        damage("ducklake_snapshot");
        lake.doctor().assertFinding("lake", "attached", "failed", "malformed", "backup");
    }

    /** Overwrites the first page of a table of the catalog. */
    private void damage(String table) throws IOException {
        long page;
        try (LakeSession session = lake.session()) {
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
}
