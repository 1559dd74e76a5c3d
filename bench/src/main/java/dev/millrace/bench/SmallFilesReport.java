package dev.millrace.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The result of a benchmark, for people and for programs. The first contender is held against the second one, and those that come after
 * {@value #USUAL} against the first.
 */
record SmallFilesReport(Machine machine, Workload workload, List<SideBySide.Result> results) {
    /** At most so many times as long as DuckDB alone may Millrace take. */
    static final double GOAL = 2.0;

    private static final int USUAL = 3;

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final double NANOS_A_MILLISECOND = 1e6;

    double ratio() {
        return results.get(0).times().ratioTo(results.get(1).times());
    }

    private List<SideBySide.Result> variations() {
        return results.subList(USUAL, results.size());
    }

    private double ratioToFirst(SideBySide.Result variation) {
        return variation.times().ratioTo(results.get(0).times());
    }

    String toText() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%,d staged files of %d rows, %s, %d rounds%n%s%n%n%-64s %8s %8s %8s%n",
                workload.files(),
                workload.rowsPerFile(),
                workload.partitioned() ? workload.days() + " partitions" : "no partitions",
                results.get(0).times().rounds().size(),
                machine.description(),
                "",
                "median",
                "min",
                "max"));
        results.forEach(result -> {
            line(text, result.contender().description(), result.times());
            result.parts().forEach((part, times) -> line(text, "    " + part, times));
        });
        text.append(String.format(
                Locale.ROOT,
                "%n%s takes %.2f times as long as %s (goal: at most %.1f)",
                results.get(0).contender().name(),
                ratio(),
                results.get(1).contender().name(),
                GOAL));
        variations()
                .forEach(variation -> text.append(String.format(
                        Locale.ROOT,
                        "%n%s takes %.2f times as long as %s",
                        variation.contender().name(),
                        ratioToFirst(variation),
                        results.get(0).contender().name())));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Times times) {
        text.append(String.format(
                Locale.ROOT,
                "%-64s %5d ms %5d ms %5d ms%n",
                what,
                times.median().toMillis(),
                times.min().toMillis(),
                times.max().toMillis()));
    }

    String toJson() throws JsonProcessingException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        machine.writeTo(root.putObject("machine"));
        root.putObject("workload")
                .put("files", workload.files())
                .put("rows_per_file", workload.rowsPerFile())
                .put("days", workload.days())
                .put("partitioned", workload.partitioned());
        ObjectNode contenders = root.putObject("contenders");
        results.forEach(result -> {
            ObjectNode contender = contenders.putObject(result.contender().name());
            contender.put("description", result.contender().description());
            times(contender, result.times());
            if (!result.parts().isEmpty()) {
                ObjectNode parts = contender.putObject("parts");
                result.parts().forEach((part, times) -> times(parts.putObject(part), times));
            }
        });
        ObjectNode ratios = root.putObject("ratios_to_millrace");
        variations().forEach(variation -> ratios.put(variation.contender().name(), ratioToFirst(variation)));
        root.put("ratio", ratio()).put("goal", GOAL).put("goal_met", ratio() <= GOAL);
        return JSON.writeValueAsString(root);
    }

    private static void times(ObjectNode node, Times times) {
        node.put("median_ms", milliseconds(times.median()))
                .put("min_ms", milliseconds(times.min()))
                .put("max_ms", milliseconds(times.max()));
        ArrayNode rounds = node.putArray("rounds_ms");
        times.rounds().forEach(round -> rounds.add(milliseconds(round)));
    }

    private static double milliseconds(Duration duration) {
        return duration.toNanos() / NANOS_A_MILLISECOND;
    }
}
