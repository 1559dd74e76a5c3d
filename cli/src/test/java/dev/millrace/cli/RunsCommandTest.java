package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that `runs` shows what each command did, also what failed before it had begun, and `runs show` everything of one. */
@Tag("slow")
@Tag("stand")
class RunsCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private JsonNode json(String... args) throws IOException {
        CommandRun run = run(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    private void writeContract(String dataset) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/" + dataset + ".avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
                """);
        Files.writeString(
                folder.resolve("contracts/" + dataset + ".yaml"),
                "dataset: " + dataset + "\nschema: " + dataset + ".avsc\n");
        Files.writeString(folder.resolve("ids.csv"), "id\n1\n2\n");
    }

    @Test
    void whatWasDoneIsATree() throws IOException {
        writeContract("bikes");
        writeContract("trips");
        run("init");
        run("ingest");
        assertThat(json("runs", "--json").get("runs"))
                .hasSize(2)
                .allSatisfy(made -> assertThat(made.get("activity").asText()).isEqualTo("init"));
        run("stage", "bikes", "ids.csv");
        run("stage", "trips", "ids.csv");
        StoreStand stand = StoreStand.current();
        stand.write(stand.store(folder, "staging"), "trips/stranger/list.parquet", "this is a shopping list");
        CommandRun.of(folder, Map.of("MILLRACE_INGEST_SETTLE", "0s"), "", "ingest");
        // A contract without its dataset fails before it is a run.
        writeContract("walks");
        run("stage", "walks", "ids.csv");
        run("stage", "trips", "ids.csv");
        assertThat(run("ingest").exitCode()).isEqualTo(ExitCode.UNAVAILABLE.code());

        CommandRun shown = run("runs");
        assertThat(shown.out())
                .containsSubsequence(
                        "ingest         failed",
                        "1 of 2 runs did not succeed: walks: dataset 'walks' is not in the lake yet",
                        "├ ",
                        "ingest trips   succeeded  2 rows, 1 file",
                        "└ ",
                        "ingest walks   failed",
                        "ingest         succeeded  4 rows, 2 files, 1 quarantined",
                        "├ ",
                        "ingest bikes   succeeded  2 rows, 1 file\n",
                        "└ ",
                        "ingest trips   succeeded  2 rows, 1 file, 1 quarantined\n")
                .doesNotContain("\u001b");
        JsonNode failed = json("runs", "--outcome", "failed", "--dataset", "walks", "--since", "1h", "--json")
                .get("runs");
        assertThat(failed).hasSize(2);
        assertThat(failed.at("/1/parent")).isEqualTo(failed.at("/0/run"));
        assertThat(failed.at("/1/error").asText()).contains("millrace init");
        assertThat(json("runs", "--until", "1h", "--json").get("runs")).isEmpty();

        JsonNode ingest = json("runs", "--dataset", "trips", "--activity", "ingest", "--json")
                .at("/runs/1");
        JsonNode details = json("runs", "show", ingest.get("run").asText().substring(0, 30), "--json");
        assertThat(details.at("/run/worker").asText()).isNotEmpty();
        assertThat(details.at("/batches/0/rows").asLong()).isEqualTo(2);
        assertThat(details.at("/snapshots/0/message").asText()).contains("ingest trips");

        run("compact", "--full");
        JsonNode compacted = json("runs", "--activity", "compact", "--dataset", "trips", "--json");
        String text = run("runs", "show", compacted.at("/runs/1/run").asText()).out();
        assertThat(text).contains("steps", "merge  2 files", "worker", "outcome     succeeded");
        assertThat(run("runs", "show", "0").err()).contains("several runs", "write more of it");
        assertThat(run("runs", "show", "zz").exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run("runs", "--outcome", "great").err()).contains("succeeded, failed, fenced, died");
        assertThat(run("runs", "--since", "soon").err()).contains("such as 2h");
    }
}
