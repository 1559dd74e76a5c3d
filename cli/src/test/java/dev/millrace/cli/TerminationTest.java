package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.failpoint.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves of processes that SIGTERM in the middle of an ingest or a compaction ends them in good order, and within the bound where what
 * they are at does not come to an end; and that the next one goes on, with no row lost or doubled.
 */
@Tag("slow")
class TerminationTest {
    private static final int FILES = 4;
    private static final int ROWS = 20;

    /** Beyond what the configuration of a test allows: the start of an end, and a busy machine. */
    private static final Duration MARGIN = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    @BeforeEach
    void stageFilesOfTwentyDays() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"},
              {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}
            """);
        Files.writeString(
                folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\npartition-by: [day]\n");
        configure("30s");
        String rows = IntStream.rangeClosed(1, ROWS)
                .mapToObj(day -> "%d,2026-01-%02d".formatted(day, day))
                .collect(Collectors.joining("\n", "id,day\n", "\n"));
        Files.writeString(folder.resolve("trips.csv"), rows);
        done("init");
        for (int file = 0; file < FILES; file++) {
            done("stage", "trips", "trips.csv", "--producer", "till-" + file);
        }
    }

    private void configure(String stop) throws IOException {
        Files.writeString(folder.resolve("millrace.yaml"), """
            ingest: {max-batch-files: 1, max-batch-partitions: 100}
            serve: {listen: "127.0.0.1:0", ingest: 1h, compact: off, jitter: 0s, stop: %s}
            """.formatted(stop));
    }

    private void done(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private String count(String what) {
        return CommandRun.at(Clock.systemUTC(), folder, Map.of(), "", "sql", "SELECT " + what, "--json")
                .out()
                .replaceAll("(?s).*\"rows\"\\s*:\\s*\\[\\s*\\[\\s*\"?(\\d+).*", "$1");
    }

    private String rows() {
        return count("count(*) FROM trips");
    }

    @Test
    void anIngestCommitsWhatItIsAtAndTheNextOneGoesOn() throws Exception {
        try (CommandProcess ingest = CommandProcess.haltedAt(Failpoint.AFTER_WRITE_LAKE_FILES, 2, folder, "ingest")) {
            ingest.awaitHalt();
            ingest.terminate();
            ingest.awaitLine("asked to end: what is in work is brought to its end, for 30 s at most");
            ingest.release();

            assertThat(ingest.awaitEnd(MARGIN)).isEqualTo(ExitCode.TRY_AGAIN_LATER.code());
            ingest.awaitLine("stopped before it was done");
        }
        assertThat(rows()).isEqualTo(Integer.toString(2 * ROWS));
        assertThat(CommandRun.of(folder, "runs").out()).contains("failed", "stopped before it was done");

        done("ingest");
        assertNothingIsLostOrDoubled();
    }

    @Test
    void anIngestThatDoesNotComeToAnEndIsEndedAtTheBound() throws Exception {
        configure("1s");
        try (CommandProcess ingest = CommandProcess.haltedAt(Failpoint.AFTER_WRITE_LAKE_FILES, 2, folder, "ingest")) {
            ingest.awaitHalt();
            ingest.terminate();

            assertThat(ingest.awaitEnd(MARGIN)).isEqualTo(143);
        }
        assertThat(rows()).isEqualTo(Integer.toString(ROWS));

        done("ingest");
        assertNothingIsLostOrDoubled();
        assertThat(CommandRun.of(folder, "runs").out()).contains("died");
    }

    @Test
    void asAPartOfServeToo() throws Exception {
        try (CommandProcess serve = CommandProcess.haltedAt(Failpoint.AFTER_WRITE_LAKE_FILES, 2, folder, "serve")) {
            serve.awaitHalt();
            serve.terminate();
            serve.awaitLine("is about to end");
            serve.release();

            assertThat(serve.awaitEnd(MARGIN)).isZero();
            serve.awaitLine("serve: has ended");
        }
        assertThat(rows()).isEqualTo(Integer.toString(2 * ROWS));

        configure("1s");
        try (CommandProcess serve = CommandProcess.haltedAt(Failpoint.AFTER_WRITE_LAKE_FILES, 1, folder, "serve")) {
            serve.awaitHalt();
            serve.terminate();

            assertThat(serve.awaitEnd(MARGIN)).isZero();
            serve.awaitLine("left behind what did not end in time");
        }
        try (CommandProcess serve = CommandProcess.start(folder, Map.of(), "serve")) {
            await().atMost(CommandProcess.SOON).untilAsserted(() -> assertThat(rows())
                    .as(String.join("\n", serve.log()))
                    .isEqualTo(Integer.toString(FILES * ROWS)));
            serve.terminate();
            assertThat(serve.awaitEnd(MARGIN)).isZero();
        }
        assertNothingIsLostOrDoubled();
    }

    @Test
    void aCompactionEndsItsStepAndTheNextOneGoesOn() throws Exception {
        Files.writeString(
                folder.resolve("contracts/zones.yaml"), "dataset: zones\nschema: trips.avsc\npartition-by: [day]\n");
        done("init");
        for (int file = 0; file < FILES; file++) {
            done("stage", "zones", "trips.csv", "--producer", "till-" + file);
        }
        done("ingest");
        assertThat(lakeFiles()).isEqualTo(2 * FILES * ROWS);
        try (CommandProcess compact =
                CommandProcess.haltedAt(Failpoint.AFTER_WRITE_LAKE_FILES, 1, folder, "compact", "--full")) {
            compact.awaitHalt();
            compact.terminate();
            compact.awaitLine("asked to end");
            compact.release();

            assertThat(compact.awaitEnd(MARGIN)).isEqualTo(ExitCode.TRY_AGAIN_LATER.code());
            compact.awaitLine("stopped before it was done");
        }
        assertThat(count("count(*) FROM millrace.step")).isEqualTo("1");
        assertThat(lakeFiles()).as("of one step").isBetween(FILES * ROWS + ROWS, 2 * FILES * ROWS - 1);

        done("compact", "--full");
        assertThat(lakeFiles()).isEqualTo(2 * ROWS);
        assertNothingIsLostOrDoubled();
    }

    private int lakeFiles() {
        return Integer.parseInt(count("(SELECT count(*) FROM ducklake_list_files('lake', 'trips'))"
                + " + (SELECT count(*) FROM ducklake_list_files('lake', 'zones'))"));
    }

    private void assertNothingIsLostOrDoubled() {
        assertThat(rows()).isEqualTo(Integer.toString(FILES * ROWS));
        assertThat(CommandRun.of(folder, "audit").out()).contains("what was staged is what the lake holds");
    }
}
