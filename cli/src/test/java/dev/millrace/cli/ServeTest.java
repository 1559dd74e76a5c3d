package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves of a process of {@code millrace serve} that staged rows come into the lake by its schedule, that it tells how it is, outlives
 * its catalog, takes a changed configuration over, and ends within its time when it is told to.
 */
@Tag("slow")
class ServeTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = CommandProcess.SOON;

    @TempDir
    Path folder;

    private CommandProcess serve;

    @BeforeEach
    void makeALake() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
            """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        configure("1s");
        done("init");
    }

    @AfterEach
    void end() {
        if (serve != null) {
            serve.close();
        }
    }

    private void configure(String ingest) throws IOException {
        Path aside = Files.writeString(folder.resolve("aside.yaml"), """
            serve: {listen: "127.0.0.1:0", ingest: %s, compact: 1h, jitter: 0s, look: 1s, stop: 20s}
            """.formatted(ingest));
        Files.move(aside, folder.resolve("millrace.yaml"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private void done(String... args) {
        // The file may be one that only the process has to cope with.
        CommandRun run = CommandRun.of(folder, Map.of("MILLRACE_SERVE_INGEST", "1m"), "", args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private long rows() throws IOException {
        return JSON.readTree(CommandRun.of(
                                folder,
                                Map.of("MILLRACE_SERVE_INGEST", "1m"),
                                "",
                                "sql",
                                "SELECT count(*) FROM trips",
                                "--json")
                        .out())
                .at("/rows/0/0")
                .asLong();
    }

    private void stage(String producer) {
        done("stage", "trips", "trips.csv", "--producer", producer);
    }

    @Test
    void fromTheFirstRowToTheEnd() throws Exception {
        stage("till-1");
        serve = CommandProcess.start(folder, Map.of(), "serve");
        serve.awaitAnswer();
        serve.awaitReady(200);
        await().atMost(SOON).untilAsserted(() -> assertThat(rows()).isEqualTo(3));
        assertThat(serve.get("/health/live").body()).isEqualTo("{\"live\":true}");
        serve.awaitLine(" ingest: trips: 3 rows of 1 staged file loaded");

        catalogGoesAwayAndComesBack();
        configurationIsTakenOverWhenItCanBeUsed();

        serve.terminate();
        assertThat(serve.awaitEnd(Duration.ofSeconds(25)))
                .as(String.join("\n", serve.log()))
                .isZero();
        serve.awaitLine("serve: has ended");
    }

    private void catalogGoesAwayAndComesBack() throws IOException {
        List<String> parts = List.of("lake.sqlite", "lake.sqlite-wal", "lake.sqlite-shm");
        Path away = Files.createDirectories(folder.resolve("away"));
        for (String part : parts) {
            move(folder.resolve(part), away.resolve(part));
        }
        serve.awaitReady(503);
        await().atMost(SOON).untilAsserted(() -> {
            JsonNode ready = JSON.readTree(serve.get("/health/ready").body());
            assertThat(ready.at("/reasons/0/why").asText()).contains("lake.sqlite");
        });
        for (String part : parts) {
            Files.deleteIfExists(folder.resolve(part));
            move(away.resolve(part), folder.resolve(part));
        }
        serve.awaitReady(200);
        stage("till-2");
        await().atMost(SOON).untilAsserted(() -> assertThat(rows()).isEqualTo(6));
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to);
        }
    }

    private void configurationIsTakenOverWhenItCanBeUsed() throws IOException {
        configure("often");
        serve.awaitLine("the configuration can't be used");
        serve.awaitLine("serve.ingest is 'often'");
        stage("till-3");
        await().atMost(SOON).untilAsserted(() -> assertThat(rows()).isEqualTo(9));
        configure("off");
        serve.awaitLine("the configuration was read anew");
    }
}
