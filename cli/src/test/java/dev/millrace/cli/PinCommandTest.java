package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a snapshot which the command has pinned outlives compactions, and that each mistake is answered in a line. */
@Tag("slow")
@Tag("stand")
class PinCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void makeALake() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        assertThat(run("init").exitCode()).isZero();
        stageAndIngest("till-1");
    }

    private void stageAndIngest(String producer) {
        assertThat(run("stage", "trips", "trips.csv", "--producer", producer).exitCode())
                .isZero();
        assertThat(run("ingest").exitCode()).isZero();
    }

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private CommandRun later(int days, String... args) {
        return CommandRun.at(Clock.offset(Clock.systemUTC(), Duration.ofDays(days)), folder, Map.of(), "", args);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    private static void assertRefused(CommandRun run, String... words) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).startsWith("millrace: ").contains(words).doesNotContain("Exception");
    }

    @Test
    void whatIsPinnedIsReadableAfterWeeksAndGoneAfterThePin() throws IOException {
        assertThat(run("pin", "--list").out()).contains("no snapshot is pinned");
        JsonNode pin = json(run("pin", "--note", "the report", "--until", "30d", "--json"))
                .at("/pins/0");
        String snapshot = pin.get("snapshot").asText();
        assertThat(pin.get("state").asText()).isEqualTo("held");
        stageAndIngest("till-2");

        assertThat(later(20, "compact").out()).contains("snapshots expired");
        String query = "SELECT count(*) FROM trips AT (VERSION => " + snapshot + ")";
        assertThat(json(run("sql", query, "--json")).at("/rows/0/0").asText()).isEqualTo("3");
        assertThat(run("pin", "--list").out()).contains(pin.get("pin").asText(), "held", "the report");
        assertThat(json(later(31, "pin", "--list", "--json"))
                        .at("/pins/0/state")
                        .asText())
                .isEqualTo("ended");

        assertThat(later(31, "compact", "--dry-run").out()).contains(" snapshots would expire");
        assertThat(later(31, "compact").exitCode()).isZero();
        assertThat(json(run("pin", "--list", "--json")).at("/pins/0/state").asText())
                .isEqualTo("snapshot-gone");
        assertRefused(run("pin", snapshot), "snapshot " + snapshot, "nothing was pinned");
        assertThat(run("pin", "--remove", pin.get("pin").asText()).out()).contains("removed");
        assertThat(json(run("pin", "--list", "--json")).at("/pins")).isEmpty();
    }

    @Test
    void mistakesAreNamed() {
        assertRefused(run("pin", "99999"), "snapshot 99999", "nothing was pinned");
        assertRefused(run("pin", "--until", "soon"), "--until is 'soon'", "90d");
        assertRefused(run("pin", "--until", "2020-01-01"), "2020-01-01", "in the future");
        assertRefused(run("pin", "--list", "--remove", "0a1b2c3d"), "--list", "--remove");
        assertRefused(run("pin", "7", "--remove", "0a1b2c3d"), "--remove");
        assertRefused(run("pin", "--remove", "0a1b2c3d"), "there is no pin '0a1b2c3d'", "--list");
    }
}
