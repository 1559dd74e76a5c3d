package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that the demo's proof holds on servers of its own, of two makes, also when it was killed once and its producers may
 * not look at what they have put; and that no server is left running.
 */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ServedDemoTest {
    private static final long FLIGHTS = 336_776;
    private static final Pattern SOME_IN_THE_LAKE = Pattern.compile("staging and ingesting:.* [1-9][0-9]* lake files");

    @TempDir
    private Path folder;

    @Test
    void theProofHoldsOnMinioAfterAKill() throws Exception {
        killedWhileItStages("minio");
        proves("minio");
    }

    @Test
    void theProofHoldsOnSeaweedfs() throws IOException {
        proves("seaweedfs");
    }

    private void proves(String store) throws IOException {
        JsonNode report = demo(store);

        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("rows_lake").asLong()).isEqualTo(FLIGHTS);
        assertThat(report.get("rows_staged").asLong()).isEqualTo(FLIGHTS);
        assertThat(report.get("staged_files").asLong()).isEqualTo(5_432);
        assertThat(report.get("reader_errors").asLong()).isZero();
        assertThat(report.get("lake_files_after").asLong()).isEqualTo(365);
        JsonNode servers = new JsonMapper()
                .readTree(folder.resolve("millrace-demo-served/servers/servers.json")
                        .toFile());
        for (String server : new String[] {store, "postgres"}) {
            long process = servers.at("/" + server + "/process/pid").asLong();
            assertThat(process).as(server).isPositive();
            assertThat(ProcessHandle.of(process)).as(server).isEmpty();
        }
    }

    private void killedWhileItStages(String store) throws Exception {
        Path output = folder.resolve("killed.txt");
        Process demo = JavaProcess.start(
                folder, ProcessBuilder.Redirect.to(output.toFile()), Millrace.class, "demo", "--served=" + store);
        try {
            Awaitility.await().atMost(3, TimeUnit.MINUTES).until(() -> SOME_IN_THE_LAKE
                    .matcher(Files.readString(output))
                    .find());
        } finally {
            demo.destroyForcibly().waitFor();
        }
    }

    private JsonNode demo(String store) throws IOException {
        CommandRun run = CommandRun.of(folder, "demo", "--served=" + store, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void whatIsNoObjectStoreIsRefused() {
        CommandRun run = CommandRun.of(folder, Map.of(), "", "demo", "--served=postgres");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("minio or seaweedfs");
    }
}
