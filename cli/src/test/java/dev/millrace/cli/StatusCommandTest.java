package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that `status` says of each dataset how late it is, what waits, what is wrong and what comes next. */
@Tag("slow")
@Tag("stand")
class StatusCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void writeContracts() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/readings.avsc"), """
                {"type": "record", "name": "Reading", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
                """);
        Files.writeString(
                folder.resolve("contracts/readings.yaml"), "dataset: readings\nschema: readings.avsc\nsort-by: [at]\n");
        Files.writeString(folder.resolve("contracts/ids.avsc"), """
                {"type": "record", "name": "Id", "fields": [{"name": "id", "type": "long"}]}
                """);
        Files.writeString(folder.resolve("contracts/ids.yaml"), "dataset: ids\nschema: ids.avsc\n");
        Files.writeString(folder.resolve("ids.csv"), "id\n1\n2\n");
        Files.writeString(folder.resolve("readings.csv"), "id,at\n1,2026-11-20T10:00:00Z\n2,2026-11-20T12:00:00Z\n");
        run("init");
    }

    private CommandRun run(String... args) {
        return CommandRun.of(folder, args);
    }

    private JsonNode status(Instant at, String dataset) throws IOException {
        CommandRun run =
                CommandRun.at(Clock.fixed(at, java.time.ZoneOffset.UTC), folder, Map.of(), "", "status", "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        for (JsonNode node : JSON.readTree(run.out()).get("datasets")) {
            if (node.get("dataset").asText().equals(dataset)) {
                return node;
            }
        }
        throw new AssertionError(run.out());
    }

    @Test
    void whatIsWellHasALineAndNoMore() throws IOException {
        run("stage", "readings", "readings.csv");
        run("stage", "ids", "ids.csv");
        run("ingest");
        CommandRun status = run("status");
        assertThat(status.out().lines().map(String::strip).filter(line -> !line.isEmpty()))
                .as(status.out())
                .hasSize(4);
        assertThat(status.out()).contains("all is well", "ingest succeeded").doesNotContain("\u001b", "\n  ");

        JsonNode readings = status(Instant.parse("2026-11-20T12:01:00Z"), "readings");
        assertThat(readings.at("/newest/by").asText()).isEqualTo("event-time");
        assertThat(readings.at("/newest/eventColumn").asText()).isEqualTo("at");
        assertThat(readings.at("/newest/lagSeconds").asLong()).isEqualTo(60);
        assertThat(readings.get("state").asText()).isEqualTo("ok");
        JsonNode ids = status(Instant.now().plus(Duration.ofHours(1)), "ids");
        assertThat(ids.at("/newest/by").asText()).isEqualTo("load");
        assertThat(ids.at("/newest/lagSeconds").asLong()).isBetween(3_600L, 3_900L);
    }

    @Test
    void whatWaitsIsLateAfterAWhileAndTheRunsOfTheLastHoursTellHowLongItTakes() throws IOException {
        run("stage", "ids", "ids.csv");
        assertThat(status(Instant.now(), "ids").get("drainSeconds").isNull()).isTrue();
        run("ingest");
        run("stage", "ids", "ids.csv");
        JsonNode soon = status(Instant.now(), "ids");
        assertThat(soon.get("waitingFiles").asLong()).isEqualTo(1);
        assertThat(soon.get("drainSeconds").asLong()).isBetween(0L, 60L);
        assertThat(soon.get("state").asText()).isEqualTo("ok");
        JsonNode later = status(Instant.now().plus(Duration.ofHours(1)), "ids");
        assertThat(later.get("state").asText()).isEqualTo("late");
        assertThat(later.get("oldestWaitingSeconds").asLong()).isGreaterThanOrEqualTo(3_599);
        CommandRun shown = CommandRun.at(
                Clock.offset(Clock.systemUTC(), Duration.ofHours(7)), folder, Map.of(), "", "status", "ids");
        assertThat(shown.out())
                .contains("1 of 1 dataset needs a look", "waiting     1 file", "no ingest ran in the last 6 hours");
    }

    @Test
    void whatIsWrongIsTold() throws IOException {
        StoreStand stand = StoreStand.current();
        stand.write(stand.store(folder, "staging"), "ids/stranger/list.parquet", "this is a shopping list");
        CommandRun.of(folder, Map.of("MILLRACE_INGEST_SETTLE", "0s"), "", "ingest");
        HeldLease.hold(folder, "readings");
        JsonNode ids = status(Instant.now(), "ids");
        assertThat(ids.get("state").asText()).isEqualTo("quarantine");
        assertThat(ids.at("/quarantinedByReason/not-parquet").asLong()).isEqualTo(1);
        assertThat(ids.at("/quarantined/0/stagedKey").asText()).endsWith("list.parquet");
        JsonNode readings = status(Instant.now(), "readings");
        assertThat(readings.at("/leases/0/activity").asText()).isEqualTo("ingest");
        assertThat(readings.at("/leases/0/stuck").asBoolean()).isFalse();
        assertThat(status(Instant.now().plusSeconds(3_600), "readings")
                        .get("state")
                        .asText())
                .isEqualTo("stuck");
        assertThat(run("status").out()).contains("1 file: 1 not-parquet", "list.parquet (not-parquet)", "held by");
    }

    @Test
    void whatTheNextCompactionWouldDoIsTold() throws IOException {
        for (int file = 0; file < 2; file++) {
            run("stage", "ids", "ids.csv");
            run("ingest");
        }
        JsonNode ids = status(Instant.now().plus(Duration.ofDays(1)), "ids");
        assertThat(ids.at("/health/smallFiles").asLong()).isEqualTo(2);
        assertThat(ids.has("nextCompaction")).isTrue();
    }

    @Test
    void itIsWatchedOnATerminalOnly() {
        CommandRun watched = run("status", "--watch");
        assertThat(watched.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(watched.err()).contains("--watch is for a terminal");
    }
}
