package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.infra.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the ingester's role settles refused files and audits without a right to delete, and that the cleaner deletes for it. */
@Tag("slow")
class QuarantineRightsTest {
    @TempDir
    Path folder;

    @Test
    void theIngesterSettlesAndTheCleanerDeletes() throws IOException {
        try (ServedLake lake = ServedLake.make(folder)) {
            stageWithoutId(lake);
            ingester(lake, "ingest");
            ingester(lake, "quarantine", "retry", "--all");
            assertThat(ingester(lake, "ingest").err()).contains("missing-values");
            ingester(lake, "quarantine", "release", "--all");
            assertThat(ingester(lake, "ingest").out()).contains("1 row of 1 staged file loaded");
            assertThat(ingester(lake, "audit").out()).contains("what was staged is what the lake holds");

            stageWithoutId(lake);
            ingester(lake, "ingest");
            CommandRun denied = lake.run(lake.environment(Role.INGESTER), "quarantine", "drop", "--all", "--yes");
            assertThat(denied.exitCode()).isNotZero();
            assertThat(denied.err()).contains("the next 'millrace compact' deletes them");
            assertThat(lake.run(lake.environment(Role.CLEANER), "compact").exitCode())
                    .isZero();
            assertThat(ingester(lake, "quarantine", "list").out()).contains("no file is in quarantine");
            lake.doctor(lake.administrator()).assertFinding("staging area", "list", "ok", "2 objects");
        }
    }

    /** By a producer whose contract allows more than that of the lake. */
    private void stageWithoutId(ServedLake lake) throws IOException {
        Path contracts = Files.createDirectories(folder.resolve("lax"));
        Files.writeString(contracts.resolve("trips.avsc"), """
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": ["null", "long"]}]}
                """);
        Files.writeString(contracts.resolve("trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.jsonl"), "{\"id\": null}\n");
        Map<String, String> producer = new HashMap<>(lake.keys(lake.servers().producer("trips")));
        producer.put("MILLRACE_CONTRACTS", contracts.toString());
        assertDone(lake.run(producer, "stage", "trips", "trips.jsonl"));
    }

    private static CommandRun ingester(ServedLake lake, String... args) {
        return assertDone(lake.run(lake.environment(Role.INGESTER), args));
    }

    private static CommandRun assertDone(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }
}
