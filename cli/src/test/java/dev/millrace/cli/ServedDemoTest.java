package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that the demo's proof holds on servers of its own, of two makes, and that none of them is left running. */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ServedDemoTest {
    private static final long FLIGHTS = 336_776;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"minio", "seaweedfs"})
    void theProofHoldsAndNoServerIsLeft(String store) throws IOException {
        CommandRun run = CommandRun.of(folder, "demo", "--served=" + store, "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.get("ok").asBoolean()).isTrue();
        assertThat(report.get("rows_lake").asLong()).isEqualTo(FLIGHTS);
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

    @Test
    void whatIsNoObjectStoreIsRefused() {
        CommandRun run = CommandRun.of(folder, Map.of(), "", "demo", "--served=postgres");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("minio or seaweedfs");
    }
}
