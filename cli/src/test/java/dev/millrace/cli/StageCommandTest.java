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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that {@code stage} stages all rows or none, nothing twice under one id, and says what is wrong. */
@Tag("stand")
class StageCommandTest {
    private static final String ID = "0198d3a0-0000-7000-8000-000000000001";

    @TempDir
    Path folder;

    @BeforeEach
    void aContract() throws IOException {
        write("contracts/flights.avsc", """
                {"type": "record", "name": "Flight", "fields": [
                  {"name": "flight_date", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "carrier", "type": "string"},
                  {"name": "delay", "type": ["null", "int"], "default": null}]}
                """);
        write("contracts/flights.yaml", "dataset: flights\nschema: flights.avsc\npartition-by: [flight_date]\n");
    }

    @Test
    void stagesTheRowsOfAFile() throws IOException {
        write("f.csv", "flight_date,carrier,delay\n2013-01-01,UA,2\n2013-01-02,DL,\n");

        CommandRun run = stage("f.csv", "--producer", "p1");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("staged 2 rows in 1 file\n  flights/p1/");
        assertThat(stagedFiles()).hasSize(1);
    }

    @Test
    void theResultAsJsonIsOneObject() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n");

        CommandRun run = stage("f.csv", "--json", "--id", ID, "--producer", "p1");

        JsonNode result = new JsonMapper().readTree(run.out());
        assertThat(result.get("dataset").asText()).isEqualTo("flights");
        assertThat(result.get("rows").asLong()).isEqualTo(1);
        assertThat(result.get("files").get(0).get("key").asText()).isEqualTo("flights/p1/" + ID + "-00000.parquet");
        assertThat(result.get("files").get(0).get("sizeBytes").asLong()).isPositive();
        assertThat(result.get("files").get(0).get("alreadyThere").asBoolean()).isFalse();
    }

    @Test
    void repeatedWithTheSameIdNothingIsStagedTwice() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n2013-01-01,DL\n2013-01-02,AA\n");
        String[] args = {"f.csv", "--id", ID, "--producer", "p1", "--max-rows-per-file", "2"};

        CommandRun first = stage(args);
        List<String> staged = stagedFiles();
        CommandRun second = stage(args);

        assertThat(first.out()).contains("staged 3 rows in 2 files").doesNotContain("before");
        assertThat(second.exitCode()).isZero();
        assertThat(second.out()).contains("(was staged before)");
        assertThat(stagedFiles()).isEqualTo(staged).hasSize(2);
    }

    @Test
    void otherRowsUnderAUsedIdAreRefused() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n");
        write("g.csv", "flight_date,carrier\n2013-01-01,DL\n");

        stage("f.csv", "--id", ID, "--producer", "p1");
        CommandRun run = stage("g.csv", "--id", ID, "--producer", "p1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("millrace: ").contains(ID);
    }

    @Test
    void aRowThatDoesNotFitStagesNothingAtAll() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n2013-02-30,DL\n");

        CommandRun run = stage("f.csv", "--max-rows-per-file", "1");

        assertThat(run.exitCode()).isEqualTo(65);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("millrace: " + folder.resolve("f.csv")
                        + ":3: column 'flight_date': the value '2013-02-30' does not fit; expected is date: a day of the"
                        + " calendar such as 2013-01-05\n");
        assertThat(stagedFiles()).isEmpty();
    }

    @Test
    void readsStandardInput() {
        String rows = "{\"flight_date\":\"2013-01-01\",\"carrier\":\"UA\"}\n";

        CommandRun run = CommandRun.of(folder, Map.of(), rows, "stage", "flights", "--format", "jsonl");
        CommandRun dash = CommandRun.of(folder, Map.of(), rows, "stage", "flights", "-", "--format", "jsonl");
        CommandRun without = CommandRun.of(folder, Map.of(), rows, "stage", "flights");

        assertThat(run.out()).contains("staged 1 row in 1 file");
        assertThat(dash.exitCode()).isZero();
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.err()).contains("--format");
    }

    @Test
    void noRowsStageNothing() throws IOException {
        write("f.csv", "flight_date,carrier\n");

        CommandRun run = stage("f.csv");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("no rows, nothing staged\n");
        assertThat(stagedFiles()).isEmpty();
    }

    @Test
    void derivesColumnsAndReadsNullsAsTold() throws IOException {
        write("f.csv", "year,month,day,carrier,delay,tail\n2013,1,5,UA,NA,N1\n");

        CommandRun run =
                stage("f.csv", "--set", "flight_date={year}-{month}-{day}", "--null-value", "NA", "--ignore-extra");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aWrongCommandLineIsRefused() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n");

        assertRefused("there is no file " + folder.resolve("no.csv"), "no.csv");
        assertRefused("does not tell its format", "contracts/flights.avsc");
        assertRefused("--format is 'xml'", "f.csv", "--format", "xml");
        assertRefused("--set: 'x' is not COLUMN=TEMPLATE", "f.csv", "--set", "x");
        assertRefused("no column [x] to set", "f.csv", "--set", "x=1");
        assertRefused("--null-value is for CSV", "f.csv", "--format", "avro", "--null-value", "NA");
        assertRefused("--max-rows-per-file is 0", "f.csv", "--max-rows-per-file", "0");
        assertRefused("is not a valid id", "f.csv", "--producer", "a/b");
        assertRefused("--id", "f.csv", "--id", "42");
        assertRefused("Unknown option: '--nul-value'", "f.csv", "--nul-value", "NA");
        assertThat(stagedFiles()).isEmpty();
    }

    @Test
    void aWrongConfigurationOrContractIsRefused() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n");
        write("bad.yaml", "stagging: x\n");

        assertRefused("unknown key 'stagging', did you mean 'staging'?", "f.csv", "--config", "bad.yaml");
        CommandRun unknown = CommandRun.of(folder, "stage", "flight", "f.csv");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no dataset 'flight'");
    }

    @Test
    void aStagingAreaThatCannotBeUsedIsSaid() throws IOException {
        write("f.csv", "flight_date,carrier\n2013-01-01,UA\n");
        write("nowhere", "a file where the folder should be");
        String nowhere = StoreStand.current().isServed() ? "s3://nowhere/staging" : "./nowhere";

        CommandRun run = CommandRun.of(folder, Map.of("MILLRACE_STAGING", nowhere), "", "stage", "flights", "f.csv");

        assertThat(run.exitCode()).isIn(69, 74);
        assertThat(run.err()).startsWith("millrace: ").contains("nowhere");
    }

    @Test
    void aStackTraceIsShownOnlyWhenAskedFor() throws IOException {
        write("f.csv", "carrier\nUA\n");

        assertThat(stage("f.csv").err()).doesNotContain("\tat ");
        assertThat(stage("f.csv", "--debug").err()).contains("RowException").contains("\tat ");
    }

    private void assertRefused(String message, String... args) {
        CommandRun run = stage(args);
        assertThat(run.err()).startsWith("millrace: ").contains(message);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }

    private CommandRun stage(String... args) {
        return CommandRun.of(
                folder,
                Stream.concat(Stream.of("stage", "flights"), Stream.of(args)).toArray(String[]::new));
    }

    private List<String> stagedFiles() throws IOException {
        StoreStand stand = StoreStand.current();
        return stand.everything(stand.store(folder, "staging"));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
