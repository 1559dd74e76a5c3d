package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the commands bring rows from a file to an answer, and that each mistake gets one line and its exit code. */
@Tag("slow")
@Tag("stand")
class PipelineCommandsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void writeContract() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "fare", "type": ["null", "double"], "default": null}]}
                """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), """
                dataset: trips
                schema: trips.avsc
                partition-by: [day]
                sort-by: [id]
                """);
        Files.writeString(
                folder.resolve("trips.csv"), "id,day,fare\n1,2026-11-20,3.5\n2,2026-11-21,\n3,2026-11-21,1\n");
    }

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private JsonNode json(String... args) throws IOException {
        CommandRun run = run(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    private void assertRefused(CommandRun run, ExitCode exitCode, String... words) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode.code());
        assertThat(run.err().lines().filter(line -> line.startsWith("millrace: ")))
                .hasSize(1);
        assertThat(run.err()).contains(words).doesNotContain("Exception", "\tat ");
    }

    @Test
    void fromAFileToAnAnswer() throws IOException {
        assertThat(run("init").out()).contains("trips: created");
        assertThat(run("stage", "trips", "trips.csv", "--producer", "till-1").exitCode())
                .isZero();
        assertThat(json("status", "--json").at("/datasets/0/waitingFiles").asLong())
                .isEqualTo(1);
        assertThat(run("ingest", "--dry-run").out()).contains("trips: 1 files", "nothing was changed");
        assertThat(json("ingest", "--json").at("/datasets/0/rows").asLong()).isEqualTo(3);
        assertThat(run("ingest").out()).contains("trips: nothing to do");
        assertThat(json("sql", "SELECT day, count(*) AS n FROM trips GROUP BY day ORDER BY day", "--json")
                        .get("rows"))
                .hasToString("[[\"2026-11-20\",\"1\"],[\"2026-11-21\",\"2\"]]");
        assertThat(run("stage", "trips", "trips.csv", "--producer", "till-2").exitCode())
                .isZero();
        run("ingest");
        JsonNode compacted = json("compact", "--full", "--json").at("/datasets/0");
        assertThat(compacted.get("filesBefore").asLong()).isEqualTo(4);
        assertThat(compacted.get("filesAfter").asLong()).isEqualTo(2);
        assertThat(compacted.get("rows").asLong()).isEqualTo(6);
        assertThat(run("compact", "--dry-run").out()).contains("nothing worth a merge");
        assertThat(run("status").out()).contains("trips", "compact succeeded");
    }

    private void leaveOrphans(int number) throws IOException {
        StoreStand stand = StoreStand.current();
        for (int orphan = 0; orphan < number; orphan++) {
            stand.write(stand.store(folder, "lake"), "main/trips/day=2026-11-20/dead-" + orphan + ".parquet", "half");
        }
    }

    @Test
    void orphansGoOnceADayOrWhenTheyAreAskedFor() throws IOException {
        run("init");
        run("stage", "trips", "trips.csv", "--producer", "till-1");
        run("ingest");
        leaveOrphans(1);
        assertThat(run("compact", "--dry-run").out()).contains("1 orphan known: 0 would be deleted", "1 too young");
        assertThat(run("compact").out()).doesNotContain("orphan");
        assertThat(run("compact", "--dry-run").out()).contains("orphans are looked for again from");
        JsonNode notDue = json("compact", "--json").get("orphans");
        assertThat(notDue.get("outcome").asText()).isEqualTo("not-due");

        leaveOrphans(101);
        Map<String, String> atAnyAge = Map.of("MILLRACE_COMPACT_ORPHAN_AGE", "0s");
        CommandRun refused = CommandRun.of(folder, atAnyAge, "", "compact", "--orphan-share", "50%");
        assertRefused(refused, ExitCode.FAILED, "101 of 103 lake files", "--orphan-share 100%");
        CommandRun warned = run("doctor");
        assertThat(warned.exitCode()).isEqualTo(ExitCode.DEGRADED.code());
        assertThat(warned.out())
                .containsPattern("warning +orphans +\\d+ ms +looked for .+ ago: no orphan was deleted: 101 of 103")
                .contains("millrace compact --orphan-share 100%", "-> see 'Orphans' in docs/operations.md");
        CommandRun allowed = CommandRun.of(folder, atAnyAge, "", "compact", "--orphan-share", "100%");
        assertThat(allowed.out()).contains("101 orphans deleted", "of 103 lake files");
        assertThat(json("sql", "SELECT count(*) AS n FROM trips", "--json").get("rows"))
                .hasToString("[[\"3\"]]");
        assertThat(run("doctor").out()).containsPattern("ok +orphans +\\d+ ms +looked for .+ ago: 101 orphans");
        assertRefused(run("compact", "--orphan-share", "lots"), ExitCode.USAGE, "--orphan-share", "such as 10%");
    }

    @Test
    void whatIsQuarantinedIsShownWithItsReason() throws IOException {
        run("init");
        StoreStand stand = StoreStand.current();
        stand.write(stand.store(folder, "staging"), "trips/stranger/list.parquet", "this is a shopping list");
        CommandRun ingest = CommandRun.of(folder, Map.of("MILLRACE_INGEST_SETTLE", "0s"), "", "ingest");
        assertThat(ingest.exitCode()).isZero();
        assertThat(ingest.err()).contains("quarantined trips/stranger/list.parquet (not-parquet)");
        assertThat(run("status").out()).contains("list.parquet (not-parquet)");
    }

    @Test
    void whatIsMissingIsNamedWithTheCommandThatMakesIt() {
        assertRefused(run("ingest"), ExitCode.UNAVAILABLE, "millrace init");
        run("init");
        assertRefused(run("ingest", "nothing"), ExitCode.USAGE, "there is no dataset 'nothing'", "trips");
        assertRefused(run("status", "--config", "gone.yaml"), ExitCode.USAGE, "gone.yaml");
    }

    @Test
    void aContractThatCannotBeMappedIsRefusedBeforeAnythingIsMade() throws IOException {
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "day", "type": ["int", "string"]}]}
                """);
        assertRefused(run("init"), ExitCode.USAGE, "trips.yaml", "'day'", "union");
        assertThat(folder.resolve("lake.sqlite")).doesNotExist();
    }

    @Test
    void aCatalogThatSomethingElseMadeIsLeftAlone() throws IOException {
        Files.writeString(folder.resolve("lake.sqlite"), "my diary\n".repeat(500));
        assertRefused(
                CommandRun.of(folder, Map.of("MILLRACE_LAKE_CATALOG", "sqlite:./lake.sqlite"), "", "init"),
                ExitCode.UNAVAILABLE,
                "lake.sqlite is not a DuckLake catalog",
                "nothing was changed");
        assertThat(folder.resolve("lake.sqlite")).hasContent("my diary\n".repeat(500));
    }

    @Test
    void aFolderThatIsAFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("in"), "not a folder");
        assertRefused(
                CommandRun.of(folder, Map.of("MILLRACE_STAGING", "./in"), "", "init"), ExitCode.UNAVAILABLE, "/in:");
    }

    @Test
    void whileAnotherRunHasTheDatasetTheExitCodeSaysTryAgain() {
        run("init");
        run("stage", "trips", "trips.csv");
        assertThat(CommandRun.of(folder, Map.of(), """
                                UPDATE lake.millrace.lease SET holder = 'elsewhere-1-00000000-0000-0000-0000-000000000000';
                                """, "sql").exitCode())
                .as("the prompt is read only")
                .isEqualTo(ExitCode.FAILED.code());
        HeldLease.hold(folder, "trips");
        assertRefused(run("ingest"), ExitCode.TRY_AGAIN_LATER, "'trips' is being ingested by", "try again later");
        assertThat(run("status").out()).contains("1");
    }

    @Test
    void aWrongQueryIsAnsweredWithTheEnginesReason() {
        run("init");
        assertRefused(run("sql", "SELECT nothing FROM trips"), ExitCode.FAILED, "nothing");
        assertRefused(run("sql", "DROP TABLE trips"), ExitCode.FAILED, "read-only");
        assertRefused(run("sql", "FROM read_text('/etc/passwd')"), ExitCode.FAILED, "disabled by configuration");
    }

    /** The catalog is attached read-only, which keeps nobody from writing over a file, or from attaching another database. */
    @Test
    void aQueryIsAllThatSqlTakes() {
        run("init");
        String lakeFile = folder.resolve("lake/main/trips/over.parquet").toString();
        for (String statement : List.of(
                "COPY (SELECT 1) TO '" + lakeFile + "'",
                "copy (SELECT 1) TO '" + folder.resolve("staging/trips/p/new.parquet") + "'",
                "SELECT 1; COPY (SELECT 1) TO '" + lakeFile + "'",
                "EXPLAIN ANALYZE COPY (SELECT 1) TO '" + lakeFile + "'",
                "/* SELECT */ COPY (SELECT 1) TO '" + lakeFile + "'",
                "EXPORT DATABASE '" + folder.resolve("lake/export") + "'",
                "ATTACH '" + folder.resolve("lake.sqlite") + "' AS other (TYPE sqlite)",
                "CALL sqlite_attach('" + folder.resolve("lake.sqlite") + "')",
                "CREATE SECRET s (TYPE s3, ENDPOINT '127.0.0.1:1')",
                "CREATE TEMP TABLE t (a INTEGER)",
                "DETACH lake",
                "SET threads = 1",
                "PRAGMA enable_profiling",
                "LOAD httpfs",
                "INSTALL httpfs",
                "CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")) {
            assertRefused(run("sql", statement), ExitCode.FAILED, "read-only");
        }
        assertThat(folder.resolve("lake/main/trips/over.parquet")).doesNotExist();
        assertThat(folder.resolve("staging/trips/p/new.parquet")).doesNotExist();
        for (String query : List.of(
                "FROM trips",
                "DESCRIBE trips",
                "SHOW ALL TABLES",
                "SUMMARIZE trips",
                "explain FROM trips",
                "EXPLAIN ANALYZE FROM trips",
                "WITH t AS (FROM trips) FROM t",
                "VALUES (1)")) {
            assertThat(run("sql", query).exitCode()).as(query).isZero();
        }
    }

    @Test
    void thePromptAnswersEachStatement() {
        run("init");
        CommandRun prompt =
                CommandRun.of(folder, Map.of(), "SELECT 1 AS one;\nSELECT count(*)\nAS n FROM trips;\n", "sql");
        assertThat(prompt.exitCode()).isZero();
        assertThat(prompt.out()).contains("one", "(1 row)", "n\n0\n");
    }
}
