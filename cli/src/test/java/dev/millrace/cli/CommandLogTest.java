package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that what a command has to tell is a line for people or as JSON with dataset and run, also what lower layers log, and that a
 * command started by a scheduler says nothing unless something is wrong.
 */
@Tag("slow")
class CommandLogTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void makeALake() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        for (String dataset : List.of("rides", "trips")) {
            Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                """);
            Files.writeString(
                    folder.resolve("contracts/" + dataset + ".yaml"),
                    "dataset: " + dataset + "\nschema: " + dataset + ".avsc\n");
        }
        Files.writeString(folder.resolve("millrace.yaml"), "ingest: {settle: 0s}\n");
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        assertThat(CommandRun.of(folder, "init").exitCode()).isZero();
        stage("trips");
    }

    private void stage(String dataset) {
        assertThat(CommandRun.of(folder, "stage", dataset, "trips.csv").exitCode())
                .isZero();
    }

    private void poison() throws IOException {
        Path file = folder.resolve("staging/trips/somebody/poison.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "no Parquet");
    }

    private CommandRun byScheduler(String... args) {
        return CommandRun.by(Audience.SCHEDULER, folder, args);
    }

    @Test
    void fromASchedulerNothingIsSaidUnlessSomethingIsWrong() throws IOException {
        assertSilent(0, byScheduler("ingest"));
        assertSilent(0, byScheduler("compact"));
        stage("rides");
        HeldLease.hold(folder, "rides");
        assertSilent(75, byScheduler("ingest"));
        assertThat(CommandRun.of(folder, "ingest").err()).contains("is being ingested by");
        stage("trips");
        assertThat(byScheduler("ingest", "trips", "--no-quiet").out())
                .contains("trips: 3 rows of 1 staged file loaded");
        assertThat(CommandRun.of(folder, "ingest", "trips", "--quiet").out()).isEmpty();

        poison();
        CommandRun wrong = byScheduler("ingest", "trips");
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.err())
                .hasLineCount(1)
                .startsWith("millrace: quarantined trips/somebody/poison.parquet (not-parquet)")
                .containsPattern("\\[dataset=trips run=[0-9a-f-]{36}]\n$");
    }

    private static void assertSilent(int exitCode, CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.out() + run.err()).isEmpty();
    }

    @Test
    void asJsonEachLineSaysWhatItIsAbout() throws Exception {
        poison();
        CommandRun run = CommandRun.of(folder, "ingest", "--log-format", "json");
        JsonNode quarantined = JSON.readTree(run.err());

        assertThat(run.err()).hasLineCount(1);
        assertThat(quarantined.get("command").asText()).isEqualTo("ingest");
        assertThat(quarantined.get("dataset").asText()).isEqualTo("trips");

        assertThat(CommandRun.of(folder, "runs", "show", quarantined.get("run").asText())
                        .out())
                .contains("trips", "ingest");
        assertThat(quarantined.get("level").asText()).isEqualTo("warn");
    }

    @Test
    void aWrongCommandLineIsToldAsJsonToo() throws IOException {
        CommandRun run = CommandRun.of(folder, Map.of("MILLRACE_LOG_FORMAT", "json"), "", "ingest", "nowhere");

        JsonNode failure = JSON.readTree(run.err().lines().findFirst().orElseThrow());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(failure.get("level").asText()).isEqualTo("error");
        assertThat(failure.get("message").asText()).contains("nowhere");
    }

    /** Only a process has the one place to which everything logs. */
    @Test
    void whatLowerLayersLogIsOfTheSameKind() throws Exception {
        Path output = folder.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        JavaProcess.command(List.of(), Millrace.class, List.of("ingest", "trips")))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(CommandStand.environment(folder));
        builder.environment().put("MILLRACE_LOG_LEVEL", "info");
        builder.environment().put("MILLRACE_LOG_FORMAT", "json");
        assertThat(builder.start().waitFor()).isZero();

        List<String> lines = Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("{"))
                .toList();
        assertThat(lines).anySatisfy(line -> {
            JsonNode event = JSON.readTree(line);
            assertThat(event.get("message").asText()).startsWith("ingest succeeded: 1 files, 3 rows");
            assertThat(event.get("level").asText()).isEqualTo("info");
            assertThat(event.get("dataset").asText()).isEqualTo("trips");
            assertThat(event.get("run").asText()).hasSize(36);
        });
    }
}
