package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.infra.Role;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves what the quarantine's commands say and how they end, and that the ingester's role may run all of them and only the cleaner's
 * delete; what they do is proved beside the ingester.
 */
@Tag("served")
class QuarantineCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KEY = "trips/stranger/x.parquet";

    @TempDir
    Path folder;

    private Map<String, String> ingester;
    private Map<String, String> cleaner;

    @BeforeEach
    void makeALakeWithARefusedFile() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("millrace.yaml"), "ingest: {settle: 0s}\n");
        ingester = CommandStand.login(folder, Role.INGESTER);
        cleaner = CommandStand.login(folder, Role.CLEANER);
        assertThat(as(cleaner, "init").exitCode()).isZero();
        StoreStand.current().write(staging(), KEY, "no Parquet file, whatever it is called");
        assertThat(run("ingest").err()).contains("quarantined " + KEY);
    }

    @Test
    void aRefusedFileIsListedShownRetriedAndDropped() throws IOException {
        assertThat(run("quarantine", "list").out()).contains(KEY, "not-parquet", "quarantined");
        assertThat(run("quarantine", "list", "--dataset", "trips", "--reason", "schema-mismatch")
                        .out())
                .contains("no file is in quarantine");
        JsonNode shown = json(run("quarantine", "show", KEY, "--json")).at("/files/0");
        assertThat(shown.get("staged").textValue()).isEqualTo("there");
        assertThat(shown.get("next").textValue()).contains("write it anew");

        assertEnds(run("quarantine", "release", KEY), ExitCode.FAILED, "no rule that can be waived");
        assertEnds(run("quarantine", "retry", KEY, "--dry-run"), ExitCode.DONE, "would be inspected again");
        assertEnds(run("quarantine", "retry", "--all"), ExitCode.DONE, "inspected again by the next ingest");
        assertThat(json(run("quarantine", "list", "--json"))
                        .at("/files/0/status")
                        .textValue())
                .isEqualTo("waiting");
        assertThat(run("ingest").err()).contains("quarantined " + KEY);
        assertEnds(run("audit"), ExitCode.DONE, "what was staged is what the lake holds");

        assertEnds(run("quarantine", "drop", KEY), ExitCode.USAGE, "--yes");
        assertEnds(
                run("quarantine", "drop", "--reason", "not-parquet", "--yes"),
                ExitCode.UNAVAILABLE,
                "the next 'millrace compact' deletes them");
        assertEnds(as(cleaner, "quarantine", "drop", KEY, "--yes"), ExitCode.DONE, "dropped");
        assertThat(staging().find(KEY)).isEmpty();
        assertThat(run("quarantine", "list", "--all").out()).contains(KEY, "dropped");

        assertEnds(run("quarantine"), ExitCode.USAGE, "millrace quarantine --help");
        assertEnds(run("quarantine", "retry"), ExitCode.USAGE, "--all or --reason");
        assertEnds(run("quarantine", "retry", KEY, "--all"), ExitCode.USAGE, "--all or --reason");
        assertEnds(run("quarantine", "show", "trips/none.parquet"), ExitCode.USAGE, "quarantine list");
        assertEnds(run("quarantine", "list", "--reason", "bad"), ExitCode.USAGE, "missing-values");
    }

    private ObjectStore staging() {
        return StoreStand.current().store(folder, "staging");
    }

    /** By the ingester. */
    private CommandRun run(String... args) {
        return as(ingester, args);
    }

    private CommandRun as(Map<String, String> role, String... args) {
        return CommandRun.of(folder, role, "", args);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    private static void assertEnds(CommandRun run, ExitCode exitCode, String words) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isEqualTo(exitCode.code());
        assertThat(run.err() + run.out()).contains(words).doesNotContain("Exception");
    }
}
