package dev.millrace.lake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The retries of one run, as its record tells of them. Belongs to its run's thread. */
final class RetryLog {
    /** The rest of a run that meets ever new refusals is told as a number. */
    private static final int REASONS_SHOWN = 5;

    private final List<Retry> retries = new ArrayList<>();

    void add(Retry retry) {
        retries.add(retry);
    }

    void addAll(RetryLog other) {
        retries.addAll(other.retries);
    }

    int count() {
        return retries.size();
    }

    Duration waited() {
        return retries.stream().map(Retry::pause).reduce(Duration.ZERO, Duration::plus);
    }

    /** Each reason once, with how often it was met, the most frequent one first; empty without retries. */
    String reasons() {
        Map<String, Integer> times = new LinkedHashMap<>();
        retries.forEach(retry -> times.merge(retry.reason(), 1, Integer::sum));
        List<Map.Entry<String, Integer>> byFrequency = times.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .toList();
        List<String> shown = byFrequency.stream()
                .limit(REASONS_SHOWN)
                .map(reason -> reason.getValue() + " x " + reason.getKey())
                .collect(Collectors.toCollection(ArrayList::new));
        int others = byFrequency.stream()
                .skip(REASONS_SHOWN)
                .mapToInt(Map.Entry::getValue)
                .sum();
        shown.addAll(Collections.nCopies(others > 0 ? 1 : 0, others + " x others"));
        return String.join("; ", shown);
    }
}
