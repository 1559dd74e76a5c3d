package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The demo of January on servers of its own, in a folder of its own. */
final class ServedDemo {
    private static final int DAYS = 31;
    private static final long FLIGHTS = 27_004;
    private static final long STAGED_FILES = 460;
    private static final Pattern SOME_IN_THE_LAKE = Pattern.compile("staging and ingesting:.* [1-9][0-9]* lake files");

    private final Path folder;

    ServedDemo(Path folder) {
        this.folder = folder;
    }

    /** Runs it to its end: the proof holds, and no server is left running. */
    void proves(String store) throws IOException {
        JsonNode report = demo(store);

        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("rows_expected").asLong()).isEqualTo(FLIGHTS);
        assertThat(report.get("rows_lake").asLong()).isEqualTo(FLIGHTS);
        assertThat(report.get("rows_staged").asLong()).isEqualTo(FLIGHTS);
        assertThat(report.get("staged_files").asLong()).isEqualTo(STAGED_FILES);
        assertThat(report.get("reader_errors").asLong()).isZero();
        assertThat(report.get("lake_files_after").asLong()).isEqualTo(DAYS);
        JsonNode servers = new JsonMapper()
                .readTree(folder.resolve("millrace-demo-served/servers/servers.json")
                        .toFile());
        for (String server : new String[] {store, "postgres"}) {
            long process = servers.at("/" + server + "/process/pid").asLong();
            assertThat(process).as(server).isPositive();
            assertThat(ProcessHandle.of(process)).as(server).isEmpty();
        }
    }

    /** Kills it when the first rows are in the lake. */
    void killedWhileItStages(String store) throws Exception {
        Path output = folder.resolve("killed.txt");
        Process demo = JavaProcess.start(
                folder,
                ProcessBuilder.Redirect.to(output.toFile()),
                Millrace.class,
                "demo",
                "--served=" + store,
                "--days=" + DAYS);
        try {
            Awaitility.await().atMost(3, TimeUnit.MINUTES).until(() -> SOME_IN_THE_LAKE
                    .matcher(Files.readString(output))
                    .find());
        } finally {
            demo.destroyForcibly().waitFor();
        }
    }

    private JsonNode demo(String store) throws IOException {
        CommandRun run = CommandRun.of(folder, "demo", "--served=" + store, "--days=" + DAYS, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new JsonMapper().readTree(run.out());
    }
}
