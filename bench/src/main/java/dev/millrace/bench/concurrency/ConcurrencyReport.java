package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.bench.Machine;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The results of one or two runs of one setup, side by side, for people and for programs. */
record ConcurrencyReport(Machine machine, Mode mode, Setup setup, List<RunResult> results) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private record Line(String what, Function<RunResult, String> value) {}

    private static final List<Line> LINES = List.of(
            new Line("batches tried", r -> number(r.allWriters().tried())),
            new Line("batches written", r -> number(r.allWriters().done())),
            new Line("batches failed", r -> number(r.allWriters().failed())),
            new Line("batches a second", r -> decimal(r.batchesASecond())),
            new Line(
                    "retries of the writers",
                    r -> r.way() == RunResult.Way.STAGED ? number(r.allWriters().retries()) : "engine's own"),
            new Line("slowest : fastest writer", r -> number(r.slowestWriter()) + " : " + number(r.fastestWriter())),
            new Line(
                    "latency median, ms", r -> decimal(r.allWriters().measured().medianMillis())),
            new Line(
                    "latency 99th percentile, ms",
                    r -> decimal(r.allWriters().measured().percentile99Millis())),
            new Line(
                    "latency maximum, ms",
                    r -> decimal(r.allWriters().measured().maxMillis())),
            new Line("rows expected", r -> number(r.expectedRows())),
            new Line("rows in the lake, read", r -> number(r.lake().rows())),
            new Line("rows by ducklake_data_file", r -> number(r.lake().catalogRows())),
            new Line("lake files", r -> number(r.lake().files())),
            new Line("snapshots", r -> number(r.lake().snapshots())),
            new Line("ingests, failed, retries", r -> passes(r.ingester())),
            new Line("compactions, failed", r -> passes(r.compactor())),
            new Line("longest ingest, s", r -> decimal(r.ingester().measured().maxMillis() / 1e3)),
            new Line(
                    "longest transaction, ms",
                    r -> r.way() == RunResult.Way.STAGED ? number(r.longestTransactionMillis()) : "not told"),
            new Line(
                    "staged to loaded median, s",
                    r -> r.way() == RunResult.Way.STAGED ? decimal(r.freshness().medianMillis() / 1e3) : "at once"),
            new Line("drained after, s", r -> decimal(r.draining().toMillis() / 1e3)),
            new Line("reader's queries, failed", r -> passes(r.reader())),
            new Line(
                    "reader's 99th percentile, ms",
                    r -> decimal(r.reader().measured().percentile99Millis())));

    private static String passes(Tally tally) {
        return number(tally.tried()) + ", " + number(tally.failed()) + ", " + number(tally.retries());
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%,.1f", value);
    }

    String toText() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d writers, batches of %d rows, %d to a staged file, %d s, %s%n%s%n%n%-30s",
                setup.writers(),
                setup.batchRows(),
                setup.batchesPerFile(),
                setup.duration().toSeconds(),
                mode.word(),
                machine.description(),
                ""));
        results.forEach(result -> text.append(String.format(Locale.ROOT, "%22s", title(result))));
        for (Line line : LINES) {
            text.append(String.format(Locale.ROOT, "%n%-30s", line.what()));
            results.forEach(result ->
                    text.append(String.format(Locale.ROOT, "%22s", line.value().apply(result))));
        }
        text.append(System.lineSeparator());
        results.forEach(result -> text.append(System.lineSeparator())
                .append(title(result))
                .append(": ")
                .append(result.findings().isEmpty() ? "every row is there exactly once" : "")
                .append(String.join("; ", result.findings())));
        return text.toString();
    }

    private static String title(RunResult result) {
        return result.way() == RunResult.Way.STAGED ? "Millrace" : "direct INSERT";
    }

    String toJson() throws JsonProcessingException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        machine.writeTo(root.putObject("machine"));
        root.putObject("setup")
                .put("mode", mode.word())
                .put("writers", setup.writers())
                .put("batch_rows", setup.batchRows())
                .put("batches_per_file", setup.batchesPerFile())
                .put("seconds", setup.duration().toMillis() / 1e3);
        ObjectNode runs = root.putObject("runs");
        results.forEach(result -> add(runs.putObject(result.way().name().toLowerCase(Locale.ROOT)), result));
        return JSON.writeValueAsString(root);
    }

    private static void add(ObjectNode run, RunResult result) {
        run.put("ok", result.ok())
                .put("writing_s", result.writing().toMillis() / 1e3)
                .put("draining_s", result.draining().toMillis() / 1e3)
                .put("batches_a_second", result.batchesASecond())
                .put("slowest_writer", result.slowestWriter())
                .put("fastest_writer", result.fastestWriter())
                .put("rows_expected", result.expectedRows())
                .put("longest_transaction_ms", result.longestTransactionMillis())
                .put("staged_to_loaded_median_ms", result.freshness().medianMillis())
                .put("staged_to_loaded_p99_ms", result.freshness().percentile99Millis());
        add(run.putObject("writers"), result.allWriters());
        add(run.putObject("ingester"), result.ingester());
        add(run.putObject("compactor"), result.compactor());
        add(run.putObject("readers"), result.reader());
        run.putObject("lake")
                .put("rows", result.lake().rows())
                .put("distinct_rows", result.lake().distinctRows())
                .put("catalog_rows", result.lake().catalogRows())
                .put("files", result.lake().files())
                .put("snapshots", result.lake().snapshots());
        ArrayNode findings = run.putArray("findings");
        result.findings().forEach(findings::add);
    }

    private static void add(ObjectNode node, Tally tally) {
        node.put("tried", tally.tried())
                .put("done", tally.done())
                .put("failed", tally.failed())
                .put("refused", tally.refused())
                .put("fenced", tally.fenced())
                .put("retries", tally.retries())
                .put("median_ms", tally.measured().medianMillis())
                .put("p99_ms", tally.measured().percentile99Millis())
                .put("max_ms", tally.measured().maxMillis());
    }
}
