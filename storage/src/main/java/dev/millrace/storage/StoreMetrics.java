package dev.millrace.storage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Counts the operations of stores in a Micrometer registry, which has to be on the class path of those who use this class, and of
 * nobody else. The names stand in {@code docs/metrics.md}. Thread-safe.
 */
public final class StoreMetrics implements StoreListener {
    private static final String OPERATION = "operation";

    private final MeterRegistry registry;

    public StoreMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(StoreOperation operation, boolean isSuccess, Duration took, long bytes) {
        Timer.builder("millrace.storage")
                .description("Operations on the object store, and their time")
                .tags(OPERATION, operation.word(), "outcome", isSuccess ? "succeeded" : "failed")
                .register(registry)
                .record(took);
        if (operation == StoreOperation.PUT || operation == StoreOperation.READ) {
            Counter.builder("millrace.storage.bytes")
                    .description("Content that was put and read")
                    .tags(OPERATION, operation.word())
                    .register(registry)
                    .increment((double) bytes);
        }
    }
}
