package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a change of a contract is told before it hurts, and that a contract that was inferred from files takes them. */
@Tag("slow")
class ContractCommandTest {
    private static final String NULLABLE_FARE =
            "{\"name\": \"fare\", \"type\": [\"null\", \"double\"], \"default\": null}";

    @TempDir
    Path folder;

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private void contract(String fields, String more) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("contracts/trips.avsc"),
                "{\"type\": \"record\", \"name\": \"Trip\", \"fields\": [" + fields + "]}");
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n" + more);
    }

    private static String field(String name, String type) {
        return "{\"name\": \"" + name + "\", \"type\": \"" + type + "\"}";
    }

    private void parquet(String file, String select) throws SQLException, IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (" + select + ") TO '" + path + "' (FORMAT parquet)");
        }
    }

    private JsonNode check() throws IOException {
        return new JsonMapper()
                .readTree(run("contract", "check", "--json").out())
                .at("/datasets/0");
    }

    @Test
    void aDifferenceIsFreeOrAStepOrBreaksSomebody() throws Exception {
        contract(field("id", "long") + "," + NULLABLE_FARE, "partition-by: [id]\n");
        assertThat(run("contract", "check").err()).contains("millrace init");
        run("init");
        assertThat(run("contract", "check").out()).isEqualTo("trips: the lake has it so already; no file is waiting\n");

        contract(
                field("id", "long") + ",{\"name\": \"note\", \"type\": [\"null\", \"string\"]}",
                "partition-by: [id]\n");
        CommandRun harmless = run("contract", "check");
        assertThat(harmless.exitCode()).as(harmless.err()).isZero();
        assertThat(harmless.out())
                .contains(
                        "step: the column 'note' (VARCHAR) is added", "free: the column 'fare' is not in the contract");

        contract(field("id", "int") + "," + field("note", "string"), "sort-by: [id]\n");
        CommandRun breaking = run("contract", "check");
        assertThat(breaking.exitCode()).isEqualTo(ExitCode.FAILED.code());
        assertThat(breaking.out())
                .contains(
                        "breaks: the dataset is partitioned by [id] in the lake",
                        "breaks: the column 'id' has the type BIGINT in the lake and INTEGER in the contract",
                        "breaks: the contract requires the column 'note'");
        assertThat(run("status", "--json").out()).contains("\"rows\":0");
    }

    @Test
    void theFilesThatWaitAreHeldAgainstTheNewContract() throws Exception {
        contract(field("id", "long") + "," + NULLABLE_FARE, "");
        run("init");
        parquet("staging/trips/till-1/a.parquet", "SELECT 1::BIGINT AS id, 2.5::DOUBLE AS fare");
        parquet("staging/trips/till-2/b.parquet", "SELECT 2::BIGINT AS id, 'x' AS note");
        parquet("staging/trips/till-3/c.parquet", "SELECT 3::BIGINT AS id");

        parquet("staging/trips/till-4/d.parquet", "SELECT 4::BIGINT AS id");

        JsonNode before = check();
        assertThat(before.get("waitingFiles").asInt()).isEqualTo(4);
        assertThat(before.get("changes")).hasSize(1);
        assertThat(before.at("/changes/0/effect").asText()).isEqualTo("step");
        assertThat(before.at("/changes/0/message").asText()).contains("waiting files bring the column 'note'");

        contract(field("id", "long") + "," + field("fare", "double"), "evolution: strict\n");
        JsonNode stricter = check();
        assertThat(stricter.get("changes")).hasSize(2).allSatisfy(change -> {
            assertThat(change.get("effect").asText()).isEqualTo("breaks");
            assertThat(change.get("message").asText()).contains("'fare', which the contract requires, is missing");
        });
        assertThat(stricter.get("changes").toString())
                .contains("1 waiting file of till-2", "2 waiting files of till-3, till-4");
        assertThat(run("ingest", "--json").out()).contains("\"files\":1");
    }

    @Test
    void anInferredContractTakesTheFilesItWasMadeOf() throws Exception {
        parquet("in/rides 1.parquet", """
                SELECT 1::SMALLINT AS id, DATE '2026-11-20' AS day, 1.5::FLOAT AS fare, 'a' AS town,
                    {'lat': 48.4, 'tags': ['x', NULL]} AS place, MAP {'k': 1::BIGINT} AS counts,
                TIMESTAMPTZ '2026-11-20 10:00:00Z' AS at, 1.25::DECIMAL(9,2) AS price\
            """);
        parquet("in/rides 2.parquet", """
            SELECT 2::BIGINT AS id, DATE '2026-11-21' AS day, 2.5::DOUBLE AS fare, uuid() AS ride, '\\xAB'::BLOB AS raw\
            """);

        CommandRun infer = run(
                "contract",
                "infer",
                "--dataset",
                "rides",
                "--partition-by",
                "day",
                "in/rides 1.parquet",
                "in/rides 2.parquet");
        assertThat(infer.exitCode()).as(infer.err()).isZero();
        assertThat(infer.out())
                .containsPattern("id +BIGINT")
                .containsPattern("fare +DOUBLE")
                .containsPattern("ride +UUID");
        assertThat(run("contract", "infer", "--dataset", "rides", "in/rides 1.parquet")
                        .err())
                .contains("rides.yaml is there already");

        run("init");
        Files.createDirectories(folder.resolve("staging/rides"));
        Files.move(folder.resolve("in/rides 1.parquet"), folder.resolve("staging/rides/1.parquet"));
        Files.move(folder.resolve("in/rides 2.parquet"), folder.resolve("staging/rides/2.parquet"));
        CommandRun ingest = run("ingest", "--json");
        assertThat(ingest.out()).as(ingest.err()).contains("\"rows\":2", "\"quarantinedFiles\":0");
        assertThat(run(
                                "sql",
                                "--json",
                                "SELECT id, fare, place.tags[1], counts['k'], price, ride IS NULL FROM rides ORDER BY"
                                        + " id")
                        .out())
                .contains("[[\"1\",\"1.5\",\"x\",\"1\",\"1.25\",\"true\"],[\"2\",\"2.5\",null,null,null,\"false\"]]");
    }

    @Test
    void symbolsOfAnEnumAreFreeAndSaidToBe() throws Exception {
        String color = "{\"name\": \"color\", \"type\": {\"type\": \"enum\", \"name\": \"Color\", \"symbols\": [%s]}}";
        contract(color.formatted("\"RED\", \"BLUE\""), "");
        run("init");
        Files.createDirectories(folder.resolve("next"));
        Files.writeString(
                folder.resolve("next/trips.avsc"),
                "{\"type\": \"record\", \"name\": \"Trip\", \"fields\": [" + color.formatted("\"RED\", \"GREEN\"")
                        + "]}");
        Files.writeString(folder.resolve("next/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");

        CommandRun check = run("contract", "check", "--contracts", "next");
        assertThat(check.exitCode()).as(check.err()).isZero();
        assertThat(check.out())
                .contains(
                        "free: the enum 'color' has the new symbols [GREEN]",
                        "no longer the symbols [BLUE], which stay in the rows that have them");

        parquet("staging/trips/till-1/a.parquet", "SELECT 'BLUE' AS color UNION ALL SELECT 'GREEN'");
        run("ingest");
        assertThat(run("sql", "SELECT color FROM trips WHERE color < 'D'").out())
                .contains("BLUE");
    }

    @Test
    void aFolderWithoutAContractIsNamedOrGetsOne() throws Exception {
        contract(field("id", "long"), "");
        run("init");
        parquet("staging/rides/a/1.parquet", "SELECT 1::SMALLINT AS id, {'lat': 48.4} AS place");
        parquet("staging/rides/b/2.parquet", "SELECT 2::BIGINT AS id, 'x' AS note, {'lon': 9.9} AS place");
        parquet("staging/Rides Old/3.parquet", "SELECT 3 AS id");
        parquet("staging/_tmp/4.parquet", "SELECT 4 AS id");
        parquet("staging/odd/5.parquet", "SELECT 5::UBIGINT AS huge");

        CommandRun named = run("ingest");
        assertThat(named.exitCode()).as(named.err()).isZero();
        assertThat(named.err())
                .contains(
                        "folder 'rides' without a contract",
                        "folder 'odd' without",
                        "'Rides Old' that cannot be a dataset's")
                .doesNotContain("_tmp");
        assertThat(run("status").out()).contains("folder 'rides' without a contract");
        assertThat(folder.resolve("contracts/rides.yaml")).doesNotExist();

        Files.writeString(folder.resolve("millrace.yaml"), "ingest:\n  infer-contracts: true\n");
        CommandRun inferred = run("ingest");
        assertThat(inferred.exitCode()).as(inferred.err()).isZero();
        assertThat(inferred.err())
                .contains(
                        "contracts/rides.yaml from 2 staged files",
                        "'odd', its files wait",
                        "the column 'huge' has the type UBIGINT");
        assertThat(inferred.out()).contains("rides: 2 rows of 2 staged files");
        assertThat(run("sql", "--json", "SELECT id, note, place.lat, place.lon FROM rides ORDER BY id")
                        .out())
                .contains("[[\"1\",null,\"48.4\",null],[\"2\",\"x\",null,\"9.9\"]]");
        String contract = Files.readString(folder.resolve("contracts/rides.yaml"));
        parquet("staging/rides/a/6.parquet", "SELECT 6 AS id, true AS late");
        CommandRun again = run("ingest");
        assertThat(again.out()).as(again.err()).contains("rides: 1 row of 1 staged file");
        assertThat(Files.readString(folder.resolve("contracts/rides.yaml"))).isEqualTo(contract);
        assertThat(folder.resolve("contracts/odd.avsc")).doesNotExist();
    }

    @Test
    void whatNoContractCanHaveIsNamed() throws Exception {
        parquet("a.parquet", "SELECT 1::UBIGINT AS huge");
        parquet("b.parquet", "SELECT 1 AS \"two words\"");
        parquet("c.parquet", "SELECT 1 AS id");
        parquet("d.parquet", "SELECT 'one' AS id");
        Files.writeString(folder.resolve("e.parquet"), "this is not Parquet at all");

        assertRefused(run("contract", "infer", "a.parquet"), "a.parquet: the column 'huge' has the type UBIGINT");
        assertRefused(run("contract", "infer", "b.parquet"), "the column 'two words' cannot be a field");
        assertRefused(
                run("contract", "infer", "c.parquet", "d.parquet"),
                "d.parquet: the column 'id' has the type VARCHAR, and INTEGER");
        assertRefused(run("contract", "infer", "f.parquet"), "f.parquet: there is no such file");
        assertRefused(run("contract", "infer", "--dataset", "rides", "."), "there is no such file");
        assertRefused(run("contract", "infer", "e.parquet"), "e.parquet: cannot be read as Parquet");
        assertRefused(run("contract", "infer", "--sort-by", "day", "c.parquet"), "sort-by names the column 'day'");
        assertThat(folder.resolve("contracts"))
                .satisfiesAnyOf(none -> assertThat(none).doesNotExist(), empty -> assertThat(empty)
                        .isEmptyDirectory());
    }

    private static void assertRefused(CommandRun run, String words) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains(words);
    }
}
