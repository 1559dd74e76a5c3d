package dev.millrace.cli.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How the datasets moved: a ring of what was seen, and the rows that the run table tells of. Thread-safe. */
final class History {
    /** A day of looks, one every half a minute. */
    private static final int MAX_SAMPLES = 2_880;

    private static final long SECONDS_A_MINUTE = 60;

    private record Sample(Instant at, Map<String, Numbers> datasets) {}

    private record Numbers(long files, long waitingFiles, double oldestWaitingSeconds) {}

    private final Deque<Sample> samples = new ArrayDeque<>();
    private Look newest;

    synchronized void add(Look look) {
        newest = look;
        Map<String, Numbers> datasets = new TreeMap<>();
        for (Look.Dataset dataset : look.datasets()) {
            datasets.put(
                    dataset.name(),
                    new Numbers(
                            dataset.size().files(),
                            dataset.waiting().files(),
                            dataset.waiting()
                                    .oldest()
                                    .map(oldest ->
                                            Duration.between(oldest, look.at()).toSeconds())
                                    .orElse(0L)));
        }
        samples.addLast(new Sample(look.at(), datasets));
        if (samples.size() > MAX_SAMPLES) {
            samples.removeFirst();
        }
    }

    /** What the page draws: times in seconds since 1970, and for each dataset a number for each time, or null. */
    synchronized ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode times = json.putArray("times");
        samples.forEach(sample -> times.add(sample.at().getEpochSecond()));
        ObjectNode datasets = json.putObject("datasets");
        for (String name : names()) {
            ObjectNode dataset = datasets.putObject(name);
            ArrayNode files = dataset.putArray("files");
            ArrayNode waiting = dataset.putArray("waiting");
            ArrayNode oldest = dataset.putArray("oldest");
            for (Sample sample : samples) {
                Numbers numbers = sample.datasets().get(name);
                if (numbers == null) {
                    files.addNull();
                    waiting.addNull();
                    oldest.addNull();
                } else {
                    files.add(numbers.files());
                    waiting.add(numbers.waitingFiles());
                    oldest.add(numbers.oldestWaitingSeconds());
                }
            }
        }
        json.set("loaded", loaded());
        return json;
    }

    private Iterable<String> names() {
        return newest == null
                ? List.of()
                : newest.datasets().stream().map(Look.Dataset::name).sorted().toList();
    }

    /** Rows a minute, by the ends of the newest ingests. */
    private ObjectNode loaded() {
        ObjectNode loaded = JsonNodeFactory.instance.objectNode();
        Map<Long, Map<String, Long>> byMinute = new TreeMap<>();
        if (newest != null) {
            for (Look.Run run : newest.runs()) {
                if (run.activity().equals("ingest")
                        && run.rows() > 0
                        && run.endedAt().isPresent()) {
                    long minute = run.endedAt().orElseThrow().getEpochSecond() / SECONDS_A_MINUTE;
                    byMinute.computeIfAbsent(minute, any -> new TreeMap<>())
                            .merge(run.dataset(), run.rows(), Long::sum);
                }
            }
            if (!byMinute.isEmpty()) {
                byMinute.putIfAbsent(newest.at().getEpochSecond() / SECONDS_A_MINUTE, new TreeMap<>());
            }
        }
        fillMinutesWithoutRows(byMinute);
        ArrayNode times = loaded.putArray("times");
        byMinute.keySet().forEach(minute -> times.add(minute * SECONDS_A_MINUTE));
        ObjectNode rows = loaded.putObject("rows");
        for (String name : names()) {
            ArrayNode numbers = rows.putArray(name);
            byMinute.values().forEach(minute -> numbers.add(minute.getOrDefault(name, 0L)));
        }
        return loaded;
    }

    /** A line falls to nothing right beside a minute with rows, and not slowly until the next one. */
    private static void fillMinutesWithoutRows(Map<Long, Map<String, Long>> byMinute) {
        List<Long> minutes = List.copyOf(byMinute.keySet());
        for (int i = 1; i < minutes.size(); i++) {
            if (minutes.get(i) - minutes.get(i - 1) > 1) {
                byMinute.put(minutes.get(i - 1) + 1, new TreeMap<>());
                byMinute.putIfAbsent(minutes.get(i) - 1, new TreeMap<>());
            }
        }
    }
}
