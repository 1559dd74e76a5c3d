package dev.millrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a Prometheus would have scraped, in its own format for tests of rules, with the alerts that are to fire at some times: for
 * {@code promtool test rules}.
 */
final class AlertTimeline {
    private static final Pattern SAMPLE = Pattern.compile("(millrace_\\w+(?:\\{.*\\})?) (\\S+)");

    private record Expectation(Duration at, Map<String, List<String>> firing) {}

    private final Path rules;
    private final Duration interval;
    private final Map<String, List<String>> series = new TreeMap<>();
    private final List<Expectation> expectations = new ArrayList<>();
    private int scrapes;

    AlertTimeline(Path rules, Duration interval) {
        this.rules = rules;
        this.interval = interval;
    }

    /** Takes one scrape, an interval after the one before. */
    void scraped(String metrics) {
        metrics.lines()
                .filter(line -> !line.contains("_bucket{"))
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(sample -> {
                    List<String> values = series.computeIfAbsent(sample.group(1), any -> new ArrayList<>());
                    while (values.size() < scrapes) {
                        values.add("_");
                    }
                    values.add(sample.group(2));
                });
        scrapes++;
    }

    /** @param firing datasets, or nothing where an alert is of no dataset, by alert */
    void expect(Duration at, Map<String, List<String>> firing) {
        expectations.add(new Expectation(at, new LinkedHashMap<>(firing)));
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder(
                        "rule_files: [\"" + rules.toAbsolutePath().normalize() + "\"]\n")
                .append("evaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n");
        // As long as the clock stands, a scrape a minute finds the same. Before the first one there was nothing.
        long minutes = interval.toMinutes();
        series.forEach((name, values) -> text.append("      - series: '")
                .append(name)
                .append("'\n        values: '_x")
                .append(minutes)
                .append(' ')
                .append(values.stream()
                        .map(value -> value.equals("_") ? "_x" + minutes : value + "+0x" + (minutes - 1))
                        .collect(Collectors.joining(" ")))
                .append("'\n"));
        text.append("    promql_expr_test:\n");
        for (Expectation expectation : expectations) {
            text.append("      - expr: count by (alertname, dataset) (ALERTS{alertstate=\"firing\"})\n"
                            + "        eval_time: ")
                    .append(expectation.at().toMinutes())
                    .append("m\n        exp_samples:")
                    .append(expectation.firing().isEmpty() ? " []\n" : "\n");
            expectation.firing().forEach((alert, datasets) -> (datasets.isEmpty() ? List.of("") : datasets)
                    .forEach(dataset -> text.append("          - labels: '{alertname=\"")
                            .append(alert)
                            .append(dataset.isEmpty() ? "\"" : "\", dataset=\"" + dataset + "\"")
                            .append("}'\n            value: 1\n")));
        }
        Files.writeString(file, text);
    }

    /** What the tool says; empty when the alerts are those that were expected. */
    static String judged(Path promtool, Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(promtool.toString(), "test", "rules", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : said;
    }
}
