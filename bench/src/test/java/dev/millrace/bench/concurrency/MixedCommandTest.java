package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that ingest, compaction, deletes and updates by SQL and readers get along on one dataset: no delete is undone, nobody fails. */
@Tag("served")
class MixedCommandTest {
    @Test
    void everyRowIsThereAsItWasLastWritten() throws IOException {
        CommandRun run = CommandRun.of(
                new MixedCommand(),
                "--duration=6s",
                "--ingest-every=0.5s",
                "--compact-every=2s",
                "--change-every=0.3s",
                "--long-read=3s",
                "--json");

        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        for (String part : new String[] {"without_compactor", "with_compactor"}) {
            JsonNode result = report.path(part);
            assertThat(result.path("findings")).isEmpty();
            assertThat(result.path("rows").asLong())
                    .isEqualTo(result.path("rows_expected").asLong())
                    .isPositive();
            assertThat(result.path("changed_rows").asLong()).isPositive();
            assertThat(result.path("long_reads").asLong()).isPositive();
        }
        assertThat(report.path("with_compactor").path("compactions").asLong()).isPositive();
    }
}
