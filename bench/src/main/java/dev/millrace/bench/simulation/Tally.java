package dev.millrace.bench.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often everything happened. Not thread-safe. */
final class Tally {
    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    void add(Event event) {
        add(event, 1);
    }

    void add(Event event, long times) {
        counts.merge(event, times, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
    }

    long of(Event event) {
        return counts.getOrDefault(event, 0L);
    }
}
