package dev.millrace.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.runs.RunEntry;
import dev.millrace.cli.text.Paint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that the status fits the terminal, leaves out what matters least, and is silent when all is well. */
class StatusTextTest {
    private static final Instant NOW = Instant.parse("2026-11-25T22:41:07Z");

    static StatusEntry entry(String dataset, String state, long waiting) {
        boolean isFailing = state.equals("failing");
        RunEntry run = new RunEntry(
                "019ac1f2-3b4c-7000-8000-000000000000",
                null,
                "host-1-00000000-0000-0000-0000-000000000000",
                "ingest",
                dataset,
                "2026-11-25T22:40:00Z",
                "2026-11-25T22:40:02Z",
                isFailing ? "failed" : "succeeded",
                false,
                12,
                120,
                1_200,
                0,
                1,
                0,
                0,
                "",
                isFailing ? "the disk is full" : null);
        return new StatusEntry(
                dataset,
                state,
                1_203_441,
                1_204,
                1_200_000_000,
                new StatusEntry.Newest("event-time", "at", "2026-11-25T22:40:00Z", "2026-11-25T22:40:02Z", 67L),
                waiting,
                waiting * 1_000,
                waiting == 0 ? null : "2026-11-25T19:41:07Z",
                waiting == 0 ? null : 10_800L,
                waiting == 0 ? null : 240L,
                0,
                Map.of(),
                List.of(),
                new StatusEntry.Health(1, 0, 0, 0, 0),
                new StatusEntry.NextCompaction(0, 0, 0, 0, 0, 0),
                List.of(),
                new StatusEntry.LastRun(
                        run.run(), run.activity(), run.startedAt(), run.endedAt(), run.outcome(), run.error()),
                List.of(run),
                isFailing ? List.of(new StatusEntry.Failures("ingest", 3, false, run)) : List.of());
    }

    @Test
    void whenAllIsWellThereIsALineForEachDataset() {
        List<String> lines = new StatusText(Paint.NONE, 120, NOW)
                .lines(List.of(entry("flights", "ok", 0), entry("weather", "ok", 0)));
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo("2026-11-25T22:41:07Z: all is well");
        assertThat(lines.get(2)).doesNotContain("waiting  oldest").contains("newest");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120})
    void theTableFits(int width) {
        List<String> lines = new StatusText(Paint.NONE, width, NOW)
                .lines(List.of(entry("flights", "ok", 0), entry("readings", "late", 12_034)));
        assertThat(lines.subList(2, 5)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        assertThat(lines.get(2)).contains("dataset", "rows", "waiting", "state");
        assertThat(String.join("\n", lines)).contains("12,034 files", "the oldest for 3h 0m", "about 4m 0s of ingest");
    }

    @Test
    void aFailureIsToldWithItsRun() {
        List<String> lines =
                new StatusText(Paint.NONE, 80, NOW).lines(List.of(entry("flights", "failing", 0), entry("b", "ok", 0)));
        assertThat(lines.get(0)).endsWith("1 of 2 datasets needs a look");
        assertThat(String.join("\n", lines))
                .contains(
                        "ingest failed 1m 7s ago: the disk is full (3 in 24 h)  019ac1f2-3b4c-7000-8000-000000000000");
    }

    @Test
    void coloursStandAroundWordsOnly() {
        List<StatusEntry> datasets = List.of(entry("flights", "failing", 7));
        List<String> plain = new StatusText(Paint.NONE, 120, NOW).lines(datasets);
        List<String> coloured = new StatusText(Paint.COLOURS, 120, NOW).lines(datasets);
        assertThat(coloured).isNotEqualTo(plain);
        assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]+m", "")))
                .isEqualTo(plain);
    }
}
