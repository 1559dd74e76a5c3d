package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.bench.Machine;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The same mix without and with a compactor, side by side, for people and for programs. */
record MixedReport(Machine machine, Mode mode, Setup setup, RunResult without, RunResult with) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** @param key in the JSON */
    private record Line(String key, String what, ToDoubleFunction<RunResult> value) {}

    private static final List<Line> LINES = List.of(
            new Line("staged_files", "files staged", r -> r.allWriters().done()),
            new Line("rows_expected", "rows expected", RunResult::expectedRows),
            new Line("rows", "rows in the lake, read", r -> r.lake().rows()),
            new Line("lake_files", "lake files", r -> r.lake().files()),
            new Line("ingests", "ingests", r -> r.ingester().done()),
            new Line("ingests_failed", "ingests that failed", r -> r.ingester().failed()),
            new Line("compactions", "compactions", r -> r.compactor().done()),
            new Line("compactions_failed", "compactions that failed", r -> r.compactor()
                    .failed()),
            new Line("changes", "deletes and updates", r -> r.others(Role.ANALYST)
                    .done()),
            new Line("changed_rows", "rows they changed", r -> r.others(Role.ANALYST)
                    .rows()),
            new Line("changes_retried", "tries that lost a conflict", r -> r.others(Role.ANALYST)
                    .retries()),
            new Line("reads", "short reads", r -> r.reader().done()),
            new Line("reads_failed", "short reads that failed", r -> r.reader().failed()),
            new Line("long_reads", "reads in long transactions", r -> r.others(Role.LONG_READER)
                    .done()),
            new Line("long_reads_failed", "of them failed", r -> r.others(Role.LONG_READER)
                    .failed()),
            new Line("longest_transaction_ms", "longest transaction, ms", RunResult::longestTransactionMillis),
            new Line("ingest_median_ms", "ingest median, ms", r -> r.ingester()
                    .measured()
                    .medianMillis()),
            new Line("ingest_p99_ms", "ingest 99th percentile, ms", r -> r.ingester()
                    .measured()
                    .percentile99Millis()),
            new Line("staged_to_loaded_median_ms", "staged to loaded median, ms", r -> r.freshness()
                    .medianMillis()),
            new Line("staged_to_loaded_p99_ms", "staged to loaded 99th perc., ms", r -> r.freshness()
                    .percentile99Millis()));

    String toText() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d producers, an analyst, %d readers, %d of them in transactions of %d s; %d s, %s%n%s%n%n%-34s%18s%18s%12s",
                setup.writers(),
                setup.readers() + setup.mix().longReaders(),
                setup.mix().longReaders(),
                setup.mix().longRead().toSeconds(),
                setup.duration().toSeconds(),
                mode.word(),
                machine.description(),
                "",
                "no compactor",
                "compactor",
                "ratio"));
        for (Line line : LINES) {
            double before = line.value().applyAsDouble(without);
            double after = line.value().applyAsDouble(with);
            text.append(String.format(
                    Locale.ROOT,
                    "%n%-34s%,18.0f%,18.0f%12s",
                    line.what(),
                    before,
                    after,
                    before == 0 ? "" : String.format(Locale.ROOT, "%.2f", after / before)));
        }
        text.append(System.lineSeparator()).append(findings("without", without)).append(findings("with", with));
        return text.toString();
    }

    private static String findings(String title, RunResult result) {
        return System.lineSeparator() + title + " a compactor: "
                + (result.findings().isEmpty()
                        ? "every row is there as it was last written, and no deleted one"
                        : String.join("; ", result.findings()));
    }

    String toJson() throws JsonProcessingException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        machine.writeTo(root.putObject("machine"));
        root.put("mode", mode.word());
        add(root.putObject("without_compactor"), without);
        add(root.putObject("with_compactor"), with);
        return JSON.writeValueAsString(root);
    }

    private static void add(ObjectNode node, RunResult result) {
        node.put("ok", result.ok());
        LINES.forEach(line -> node.put(line.key(), line.value().applyAsDouble(result)));
        result.findings().forEach(node.putArray("findings")::add);
    }
}
