package dev.millrace.bench.concurrency;

import java.util.Locale;

/** What a process of a run does. */
enum Role {
    PRODUCER(128),
    DIRECT_WRITER(128),
    INGESTER(512),
    COMPACTOR(256),
    READER(128),
    ANALYST(128),
    LONG_READER(128);

    private final int heapMegabytes;

    Role(int heapMegabytes) {
        this.heapMegabytes = heapMegabytes;
    }

    int heapMegabytes() {
        return heapMegabytes;
    }

    /** Whether it works on what others bring, so that it is to end after them. */
    boolean drains() {
        return this == INGESTER;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
