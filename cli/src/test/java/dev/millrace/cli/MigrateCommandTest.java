package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a lake in folders moves to another one, of folders or of servers, without a row lost or doubled: rows, deletes, ledger, what
 * waits, and what was refused; also when the move is repeated.
 */
@Tag("slow")
class MigrateCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HASH = "SELECT count(*), sum(hash(id, day, fare)::HUGEINT) FROM trips";
    private static final String ID = "0198c2e4-0000-7000-8000-00000000000";

    @TempDir
    private Path folder;

    private Path old;
    private Path target;

    @BeforeEach
    void makeAnOldLake() throws IOException {
        old = Files.createDirectories(folder.resolve("old"));
        target = Files.createDirectories(folder.resolve("new"));
        Files.createDirectories(old.resolve("contracts"));
        Files.writeString(old.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "fare", "type": ["null", "double"], "default": null}]}
                """);
        Files.writeString(
                old.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\npartition-by: [day]\n");
        Files.writeString(old.resolve("millrace.yaml"), "staging: ./staging\n");
        Files.writeString(old.resolve("target.yaml"), targetYaml());
        assertDone(run("init"));
        assertDone(stage(1, "id,day,fare\n1,2026-01-05,1.5\n2,2026-01-06,2.5\n"));
        assertDone(run("ingest"));
        assertDone(stage(2, "id,day,fare\n3,2026-01-05,\n4,2026-01-05,4.5\n5,2026-01-07,5.5\n"));
        assertDone(run("ingest"));
    }

    /** The other places of this run's stand, in a file: a variable would hold for both lakes. */
    private String targetYaml() {
        Map<String, String> stand = CommandStand.environment(target);
        return "staging: "
                + stand.getOrDefault(
                        "MILLRACE_STAGING", target.resolve("staging").toString())
                + "\ncontracts: ./contracts\nlake:\n  data: "
                + stand.getOrDefault(
                        "MILLRACE_LAKE_DATA", target.resolve("lake").toString())
                + "\n  catalog: "
                + stand.getOrDefault("MILLRACE_LAKE_CATALOG", "sqlite:" + target.resolve("lake.sqlite")) + "\n";
    }

    @Test
    @Tag("stand")
    void everythingMovesOnceAndTheNewLakeGoesOn() throws IOException {
        sqlOnOld("DELETE FROM lake.trips WHERE id = 4");
        Path broken = old.resolve("staging/trips/plant-7/broken.parquet");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "no parquet");
        Files.setLastModifiedTime(
                broken, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() - 3_600_000));
        assertDone(run("ingest"));
        assertDone(stage(3, "id,day,fare\n6,2026-01-08,6.5\n"));
        String before = sql("millrace.yaml");

        JsonNode moved = json(run("migrate", "--to", "target.yaml", "--json")).at("/datasets/0");
        assertThat(moved.get("outcome").textValue()).isEqualTo("moved");
        assertThat(moved.get("rows").longValue()).isEqualTo(4);
        assertThat(moved.get("ledgerRows").longValue()).isEqualTo(3);
        assertThat(moved.get("stagedFiles").longValue())
                .as("waiting and refused")
                .isEqualTo(2);
        assertThat(sql("target.yaml")).isEqualTo(before);
        CommandRun audit = run("audit", "--config", "target.yaml");
        assertDone(audit);
        assertThat(audit.out()).contains("deleted 1 row");

        assertDone(stage(4, "id,day,fare\n7,2026-01-08,7.5\n"));
        CommandRun again = run("migrate", "--to", "target.yaml");
        assertDone(again);
        assertThat(again.out()).contains("the other lake has it already; 3 staged files");
        assertDone(run("ingest", "--config", "target.yaml"));
        assertDone(stage("target.yaml", 2, "id,day,fare\n3,2026-01-05,\n4,2026-01-05,4.5\n5,2026-01-07,5.5\n"));
        assertDone(run("ingest", "--config", "target.yaml"));

        assertThat(ids("target.yaml")).isEqualTo("1 2 3 5 6 7");
        assertDone(run("audit", "--config", "target.yaml"));
        assertThat(run("quarantine", "list", "--config", "target.yaml").out()).contains("broken.parquet");
        assertThat(sql("millrace.yaml")).as("the old lake").isEqualTo(before);
        assertDone(run("migrate", "--to", "target.yaml"));
        assertThat(ids("target.yaml")).isEqualTo("1 2 3 5 6 7");
    }

    /** Its oldest files have fewer columns, a name that is another column's now, and narrower types. */
    @Test
    void aDatasetThatHasEvolvedMovesWithTheColumnsThatItHas() throws Exception {
        sqlOnOld("INSERT INTO lake.trips VALUES (100, DATE '2026-01-05', 99.5)");
        contract(nullable("fare", "double") + nullable("n", "int"));
        assertDone(run("init"));
        stageParquet("SELECT 6::BIGINT AS id, DATE '2026-01-05' AS day, 6.5::DOUBLE AS fare, 5000000000 AS n");
        assertDone(run("ingest"));

        contract(nullable("price", "double").replace("}", ", \"aliases\": [\"fare\"]}") + nullable("n", "int"));
        CommandRun early = run("migrate", "--to", "target.yaml");
        assertThat(early.exitCode()).isNotZero();
        assertThat(early.err()).contains("the column 'fare' is renamed to 'price'", "run 'millrace init'");
        assertDone(run("init"));
        contract(nullable("price", "double") + nullable("fare", "double") + nullable("n", "int"));
        assertDone(run("init"));
        assertDone(stage(3, "id,day,price,fare,n\n7,2026-01-05,7.5,70,700\n"));
        stageParquet("SELECT 8::BIGINT AS id, DATE '2026-01-06' AS day, {'x': 1} AS spot, 8.5::DOUBLE AS fare");
        assertDone(run("ingest"));
        stageParquet("SELECT 9::BIGINT AS id, DATE '2026-01-06' AS day, {'x': 1, 'y': 'far'} AS spot");
        assertDone(run("ingest"));
        sqlOnOld("DELETE FROM lake.trips WHERE id = 4");
        String all =
                "SELECT list(t ORDER BY id)::VARCHAR FROM (SELECT id, day, price, fare, n, spot, typeof(n) AS of_n FROM"
                        + " trips) t";
        String before = json(run("sql", all, "--json")).toString();
        assertThat(before).contains("5000000000, 'spot': NULL, 'of_n': BIGINT", "{'x': 1, 'y': NULL}");

        JsonNode moved = json(run("migrate", "--to", "target.yaml", "--json")).at("/datasets/0");
        assertThat(moved.get("rows").longValue()).isEqualTo(9);
        assertThat(json(run("sql", all, "--json", "--config", "target.yaml")).toString())
                .isEqualTo(before);
        JsonNode audit = json(run("audit", "--config", "target.yaml", "--json")).at("/datasets/0");
        assertThat(audit.get("verdict").textValue()).isNotEqualTo("broken");
        assertThat(audit.get("rowsAddedByOthers").longValue()).isEqualTo(1);
        assertThat(audit.get("rowsDeletedByOthers").longValue()).isEqualTo(1);

        assertDone(stage("target.yaml", 4, "id,day,price,fare,n\n10,2026-01-05,,100,1000\n"));
        assertDone(run("ingest", "--config", "target.yaml"));
        assertThat(ids("target.yaml")).isEqualTo("1 2 3 5 6 7 8 9 10 100");
        assertThat(run("init", "--config", "target.yaml").out()).isEqualTo("trips: unchanged\n");
    }

    private static String nullable(String name, String type) {
        return ", {\"name\": \"" + name + "\", \"type\": [\"null\", \"" + type + "\"]}";
    }

    private void contract(String more) throws IOException {
        Files.writeString(old.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [
                  {"name": "id", "type": "long"}, {"name": "day", "type": {"type": "int", "logicalType": "date"}}%s]}
                """.formatted(more));
        Files.writeString(
                old.resolve("contracts/trips.yaml"),
                "dataset: trips\nschema: trips.avsc\npartition-by: [day]\nevolution: widen\n");
    }

    private void sqlOnOld(String statement) {
        try (LakeSession analyst = LakeSession.open(
                new LakeAddress(
                        new Catalog.SqliteCatalog(old.resolve("lake.sqlite")),
                        DirectoryStore.create(old.resolve("lake")).root()),
                SessionOptions.of(SessionOptions.Access.WRITE))) {
            analyst.execute(statement);
        }
    }

    private void stageParquet(String select) throws SQLException, IOException {
        Path file = old.resolve("staging/trips/stranger/" + UUID.randomUUID() + ".parquet");
        Files.createDirectories(file.getParent());
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
        }
    }

    @Test
    @Tag("stand")
    void aLakeIsNotMovedIntoItselfAndNotWhileSomebodyWorksOnIt() throws IOException {
        CommandRun itself = run("migrate", "--to", "millrace.yaml");
        assertThat(itself.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(itself.err()).contains("both configurations name the lake");

        sqlOnOld(
                "UPDATE lake.millrace.lease SET holder = 'elsewhere-1-0198c2e4-0000-7000-8000-000000000000', run_id = 'r', taken_at = now(),"
                        + " expires_at = now() + INTERVAL 1 HOUR WHERE activity = 'compact'");
        CommandRun held = run("migrate", "--to", "target.yaml");
        assertThat(held.exitCode()).isEqualTo(ExitCode.TRY_AGAIN_LATER.code());
        assertThat(held.err()).contains("stop the jobs", "elsewhere-1-0198c2e4-0000-7000-8000-000000000000");
        assertThat(ids("target.yaml")).isEmpty();
    }

    private String sql(String config) throws IOException {
        return json(run("sql", HASH, "--config", config, "--json")).toString();
    }

    private String ids(String config) throws IOException {
        String listed = run(
                        "sql",
                        "SELECT coalesce(string_agg(id, ' ' ORDER BY id), '') AS ids FROM trips",
                        "--config",
                        config)
                .out();
        return listed.lines()
                .skip(1)
                .filter(line -> !line.startsWith("-"))
                .findFirst()
                .orElse("")
                .strip();
    }

    private CommandRun stage(int number, String csv) {
        return stage("millrace.yaml", number, csv);
    }

    private CommandRun stage(String config, int number, String csv) {
        return CommandRun.of(
                old,
                environment(),
                csv,
                "stage",
                "trips",
                "--format",
                "csv",
                "--id",
                ID + number,
                "--producer",
                "plant-7",
                "--config",
                config);
    }

    private CommandRun run(String... args) {
        return CommandRun.of(old, environment(), "", args);
    }

    /** The servers' addresses and keys, and no variable that holds for one of the two lakes only. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(CommandStand.environment(target));
        for (String place : new String[] {"MILLRACE_STAGING", "MILLRACE_LAKE_DATA", "MILLRACE_LAKE_CATALOG"}) {
            environment.put(place, "");
        }
        return environment;
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertDone(run);
        return JSON.readTree(run.out());
    }

    private static void assertDone(CommandRun run) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
    }
}
