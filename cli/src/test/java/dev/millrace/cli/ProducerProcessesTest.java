package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that producers that are processes of their own stage at the same time, and no row of any is lost or doubled. */
@Tag("slow")
@Tag("stand")
class ProducerProcessesTest {
    private static final int PRODUCERS = 6;
    private static final int ROWS = 500;

    @TempDir
    Path folder;

    @Test
    void allRowsOfAllProducersAreInTheLakeOnce() throws Exception {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/events.avsc"), """
                {"type": "record", "name": "Event", "fields": [
                  {"name": "producer", "type": "string"}, {"name": "sequence", "type": "long"}]}
                """);
        Files.writeString(folder.resolve("contracts/events.yaml"), "dataset: events\nschema: events.avsc\n");
        assertThat(CommandRun.of(folder, "init").exitCode()).isZero();
        List<Process> producers = new ArrayList<>();
        for (int i = 0; i < PRODUCERS; i++) {
            String producer = "p" + i;
            Path rows = folder.resolve(producer + ".csv");
            Files.writeString(
                    rows,
                    IntStream.range(0, ROWS)
                            .mapToObj(sequence -> producer + "," + sequence)
                            .collect(Collectors.joining("\n", "producer,sequence\n", "\n")));
            producers.add(JavaProcess.start(
                    folder,
                    Millrace.class,
                    "stage",
                    "events",
                    rows.toString(),
                    "--producer",
                    producer,
                    "--max-rows-per-file",
                    "25"));
        }
        while (producers.stream().anyMatch(Process::isAlive)) {
            assertThat(CommandRun.of(folder, "ingest").exitCode()).isZero();
        }
        for (Process producer : producers) {
            assertThat(producer.waitFor()).isZero();
        }
        assertThat(CommandRun.of(folder, "ingest").exitCode()).isZero();
        CommandRun counted = CommandRun.of(
                folder, "sql", "--json", "SELECT count(*), count(DISTINCT (producer, sequence)) FROM events");
        assertThat(counted.out()).contains("[\"" + PRODUCERS * ROWS + "\",\"" + PRODUCERS * ROWS + "\"]");
    }
}
