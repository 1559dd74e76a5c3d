package dev.millrace.bench.simulation;

/** How often everything happened. Not thread-safe. */
final class Tally {
    private final long[] counts = new long[Event.values().length];

    void add(Event event) {
        counts[event.ordinal()]++;
    }

    void add(Event event, long times) {
        counts[event.ordinal()] += times;
    }

    void add(Tally other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
    }

    long of(Event event) {
        return counts[event.ordinal()];
    }
}
