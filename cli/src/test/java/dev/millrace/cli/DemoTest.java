package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the demo's proof holds on the whole year, also when an earlier demo on the folder was killed. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoTest {
    private static final long FLIGHTS = 336_776;
    private static final long DISTANCE = 350_217_607;

    @TempDir
    Path folder;

    private JsonNode demo() throws IOException {
        CommandRun run = CommandRun.of(folder, "demo", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void theProofHoldsAfterAKillAndOnceMore() throws Exception {
        Process killed = JavaProcess.start(folder, Millrace.class, "demo");
        try {
            Path data = folder.resolve("millrace-demo/lake/main/flights");
            Awaitility.await().atMost(90, TimeUnit.SECONDS).until(() -> Files.isDirectory(data));
        } finally {
            killed.destroyForcibly().waitFor();
        }

        JsonNode first = demo();
        assertThat(first.get("ok").asBoolean()).isTrue();
        for (String place : new String[] {"rows_expected", "rows_staged", "rows_ledger", "rows_lake"}) {
            assertThat(first.get(place).asLong()).as(place).isEqualTo(FLIGHTS);
        }
        assertThat(first.get("distance_lake").asLong()).isEqualTo(DISTANCE);
        assertThat(first.get("staged_files").asLong()).isEqualTo(5_432);
        assertThat(first.get("lake_files_before").asLong()).isGreaterThan(365);
        assertThat(first.get("lake_files_after").asLong()).isEqualTo(365);
        assertThat(first.get("reader_errors").asLong()).isZero();
        assertThat(first.get("reader_queries").asLong()).isPositive();
        assertThat(first.get("commits").asLong()).isPositive();
        assertThat(first.get("max_catalog_tx_ms").asLong()).isPositive();

        assertThat(demo().get("rows_lake").asLong()).isEqualTo(FLIGHTS);
    }

    @Test
    void aFolderWithSomethingElseIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("millrace-demo"));
        Files.writeString(folder.resolve("millrace-demo/thesis.txt"), "years of work");
        CommandRun run = CommandRun.of(folder, "demo");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("not empty", "--dir");
        assertThat(folder.resolve("millrace-demo")).isDirectoryContaining("glob:**thesis.txt");
    }
}
