package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that processes that stage at once get every batch into the lake once, and that the harness can show the status quo beside. */
class ConcurrencyCommandTest {
    @Tag("slow")
    @Test
    void everyRowOfTwoProducersIsInTheEmbeddedLakeOnce() throws IOException {
        requireWhole(json("--embedded", "--duration=5s", "--ingest-every=1s", "--compact-every=2s"));
    }

    @Tag("served")
    @Test
    void everyRowOfTwoProducersIsInTheServedLakeOnce() throws IOException {
        requireWhole(
                json("--served", "--duration=5s", "--ingest-every=1s", "--compact-every=2s", "--batches-per-file=3"));
    }

    @Tag("slow")
    @Test
    void directWritersAreCounted() throws IOException {
        JsonNode run =
                json("--embedded", "--status-quo", "--duration=3s").path("runs").path("direct");

        JsonNode writers = run.path("writers");
        assertThat(writers.path("done").asLong()).isPositive();
        assertThat(writers.path("done").asLong() + writers.path("failed").asLong())
                .isEqualTo(writers.path("tried").asLong());
        assertThat(run.path("rows_expected").asLong())
                .isEqualTo(writers.path("done").asLong() * 25);
    }

    private static void requireWhole(JsonNode report) {
        JsonNode run = report.path("runs").path("staged");
        assertThat(run.path("findings")).isEmpty();
        assertThat(run.path("ok").asBoolean()).isTrue();
        assertThat(run.path("rows_expected").asLong()).isPositive();
        JsonNode lake = run.path("lake");
        assertThat(lake.path("rows").asLong())
                .isEqualTo(run.path("rows_expected").asLong());
        assertThat(lake.path("catalog_rows").asLong())
                .isEqualTo(lake.path("rows").asLong());
        JsonNode writers = run.path("writers");
        assertThat(writers.path("done").asLong())
                .isEqualTo(writers.path("tried").asLong());
        assertThat(writers.path("p99_ms").asDouble())
                .isGreaterThanOrEqualTo(writers.path("median_ms").asDouble());
        assertThat(run.path("readers").path("done").asLong()).isPositive();
        assertThat(run.path("ingester").path("done").asLong()).isPositive();
    }

    private static JsonNode json(String... options) throws IOException {
        String[] arguments = new String[options.length + 2];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = "--producers=2";
        arguments[options.length + 1] = "--json";
        CommandRun run = CommandRun.of(new ConcurrencyCommand(), arguments);
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        return new ObjectMapper().readTree(run.out());
    }
}
