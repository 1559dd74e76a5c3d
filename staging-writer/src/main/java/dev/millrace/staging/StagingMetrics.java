package dev.millrace.staging;

import dev.millrace.schemas.DatasetName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * Counts what producers stage in a Micrometer registry of theirs, which has to be on the class path of those who use this class, and of
 * nobody else. One for all writers of a process. The names stand in {@code docs/metrics.md}. Thread-safe.
 */
public final class StagingMetrics implements StagingListener {
    private static final String DATASET = "dataset";

    private final MeterRegistry registry;

    public StagingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void published(DatasetName dataset, StagedFile file, Duration took) {
        counter("millrace.producer.rows", "Rows that were published", dataset).increment((double) file.rows());
        counter("millrace.producer.bytes", "Size of the staged files that were published", dataset)
                .increment((double) file.sizeBytes());
        publishing(dataset, "succeeded").record(took);
    }

    @Override
    public void notPublished(DatasetName dataset, RuntimeException cause) {
        publishing(dataset, "failed").record(Duration.ZERO);
    }

    @Override
    public void broken(DatasetName dataset, StagingException cause) {
        counter("millrace.producer.broken.writers", "Writers that a row or the spool has broken", dataset)
                .increment();
    }

    private Counter counter(String name, String description, DatasetName dataset) {
        return Counter.builder(name)
                .description(description)
                .tags(DATASET, dataset.toString())
                .register(registry);
    }

    private Timer publishing(DatasetName dataset, String outcome) {
        return Timer.builder("millrace.producer.publish")
                .description("Tries to publish a staged file, and their time")
                .tags(DATASET, dataset.toString(), "outcome", outcome)
                .register(registry);
    }
}
