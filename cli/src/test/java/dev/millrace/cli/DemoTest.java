package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.lake.EveryCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the demo's proof holds on the whole year, and on a part of it also when an earlier demo on the folder was killed. */
@Tag("slow")
@ExtendWith(EveryCore.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DemoTest {
    private static final long FLIGHTS = 336_776;
    private static final long DISTANCE = 350_217_607;
    private static final int DAYS_OF_JANUARY = 31;
    private static final long FLIGHTS_OF_JANUARY = 27_004;
    private static final long FLIGHTS_OF_THE_DAY_AFTER = 926;
    private static final String[] PLACES = {"rows_expected", "rows_staged", "rows_ledger", "rows_lake"};

    @TempDir
    Path folder;

    private JsonNode demo(String... options) throws IOException {
        CommandRun run = CommandRun.of(
                folder,
                Stream.concat(Stream.of("demo", "--json"), Stream.of(options)).toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode report = new JsonMapper().readTree(run.out());
        assertThat(report.get("ok").asBoolean()).isTrue();
        return report;
    }

    private static void assertRows(JsonNode report, long flights) {
        for (String place : PLACES) {
            assertThat(report.get(place).asLong()).as(place).isEqualTo(flights);
        }
    }

    @Test
    void theProofHoldsOnTheWholeYear() throws IOException {
        JsonNode report = demo();

        assertRows(report, FLIGHTS);
        assertThat(report.get("distance_expected").asLong()).isEqualTo(DISTANCE);
        assertThat(report.get("distance_lake").asLong()).isEqualTo(DISTANCE);
        assertThat(report.get("staged_files").asLong()).isEqualTo(5_432);
        assertThat(report.get("lake_files_before").asLong()).isGreaterThan(365);
        assertThat(report.get("lake_files_after").asLong()).isEqualTo(365);
        assertThat(report.get("reader_errors").asLong()).isZero();
        assertThat(report.get("reader_queries").asLong()).isPositive();
        assertThat(report.get("commits").asLong()).isPositive();
        assertThat(report.get("max_catalog_tx_ms").asLong()).isPositive();
    }

    @Test
    void theProofHoldsAfterAKillAndOnceMoreAndWithMoreDays() throws Exception {
        String days = "--days=" + DAYS_OF_JANUARY;
        Process killed = JavaProcess.start(folder, Millrace.class, "demo", days);
        try {
            Path data = folder.resolve("millrace-demo/lake/main/flights");
            Awaitility.await().atMost(90, TimeUnit.SECONDS).until(() -> Files.isDirectory(data));
        } finally {
            killed.destroyForcibly().waitFor();
        }

        JsonNode first = demo(days);
        assertRows(first, FLIGHTS_OF_JANUARY);
        assertThat(first.get("staged_files").asLong()).isEqualTo(460);
        assertThat(first.get("lake_files_after").asLong()).isEqualTo(DAYS_OF_JANUARY);

        assertRows(demo(days), FLIGHTS_OF_JANUARY);

        JsonNode more = demo("--days=" + (DAYS_OF_JANUARY + 1));
        assertRows(more, FLIGHTS_OF_JANUARY + FLIGHTS_OF_THE_DAY_AFTER);
        assertThat(more.get("lake_files_after").asLong()).isEqualTo(DAYS_OF_JANUARY + 1);

        CommandRun fewer = CommandRun.of(folder, "demo", days);
        assertThat(fewer.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(fewer.err()).contains("has 32 days", "--dir");
    }

    @Test
    void aYearHasNoMoreDays() {
        CommandRun run = CommandRun.of(folder, "demo", "--days=366");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("1 to 365 days");
        assertThat(folder).isEmptyDirectory();
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
