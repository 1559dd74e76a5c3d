package dev.millrace.cli.serve;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.Activity;
import dev.millrace.lake.TransactionListener;
import dev.millrace.schemas.DatasetName;
import dev.millrace.storage.StoreMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The numbers of this process, for Prometheus. Their names stand in {@code docs/metrics.md}, and change only with a note in the
 * changelog. Labels are datasets and short lists of words, never keys or messages. Thread-safe.
 */
public final class Metrics {
    private static final String DATASET = "dataset";
    private static final String ACTIVITY = "activity";
    private static final String JOB = "job";

    /** From a commit that is quick to one that holds others up. */
    private static final Duration[] COMMIT_BUCKETS = {
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LookGauges lookGauges = new LookGauges(registry);

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
    }

    /** Counts what an ingest does. */
    public IngestListener ingest() {
        return new IngestCounts();
    }

    /** Count what jobs do with stores and catalog. */
    public Workspace.Observers observers() {
        return new Workspace.Observers(new StoreMetrics(registry), new Transactions());
    }

    /** An ingest of a dataset has ended. */
    public void ingested(String dataset) {
        counter("millrace.ingest.runs", "Ingests that had something to do", DATASET, dataset)
                .increment();
    }

    /**
     * A compaction of a dataset has ended.
     *
     * @param commits of merges
     * @param leftFiles that are left for next time
     */
    public void compacted(String dataset, long commits, long leftFiles) {
        counter("millrace.compact.merges", "Transactions that exchanged lake files", DATASET, dataset)
                .increment((double) commits);
        lookGauges.left(dataset, leftFiles);
    }

    /** What a compaction deleted besides, in all. */
    public void deleted(long snapshots, long lakeFiles, long stagedFiles) {
        counter("millrace.compact.expired.snapshots", "Snapshots that were forgotten")
                .increment((double) snapshots);
        counter("millrace.compact.deleted.files", "Lake files that were deleted")
                .increment((double) lakeFiles);
        counter("millrace.compact.swept.files", "Loaded staged files that were deleted")
                .increment((double) stagedFiles);
    }

    /** A job has ended. */
    void ended(JobKind kind, JobState.Last last) {
        Timer.builder("millrace.job")
                .description("Executions of a job")
                .tags(JOB, kind.word(), "outcome", last.end().outcome().word())
                .register(registry)
                .record(Duration.between(last.startedAt(), last.endedAt()));
    }

    /** Watches a job. */
    void watch(JobKind kind, Supplier<JobState> state) {
        gauge(
                "millrace.job.running",
                "1 while it runs",
                () -> state.get().runningSince().isPresent() ? 1 : 0,
                kind);
        gauge(
                "millrace.job.failures.in.a.row",
                "How often it has failed since it went well",
                () -> state.get().failuresInARow(),
                kind);
    }

    private void gauge(String name, String description, Supplier<Number> number, JobKind kind) {
        Gauge.builder(name, number)
                .description(description)
                .tags(JOB, kind.word())
                .strongReference(true)
                .register(registry);
    }

    /** Watches the process. */
    void watch(Supplier<Boolean> isReady, Supplier<Boolean> isConfigurationRefused) {
        Gauge.builder("millrace.ready", () -> isReady.get() ? 1 : 0)
                .description("1 while /health/ready says so")
                .strongReference(true)
                .register(registry);
        Gauge.builder("millrace.configuration.refused", () -> isConfigurationRefused.get() ? 1 : 0)
                .description("1 while the configuration on disk can't be used")
                .strongReference(true)
                .register(registry);
    }

    /** Takes over what was seen. */
    void looked(Look look, Instant now) {
        lookGauges.update(look, now);
    }

    /** All of them in Prometheus' text format. */
    String scrape() {
        return lookGauges.scraped(registry::scrape);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private final class Transactions implements TransactionListener {
        @Override
        public void committed(Activity activity, Duration took) {
            Timer.builder("millrace.catalog.commit")
                    .description("Transactions, from BEGIN to the answer to COMMIT")
                    .tags(ACTIVITY, activity.word())
                    .serviceLevelObjectives(COMMIT_BUCKETS)
                    .register(registry)
                    .record(took);
        }

        @Override
        public void retried(Activity activity) {
            counter("millrace.catalog.retries", "Transactions that were tried again", ACTIVITY, activity.word())
                    .increment();
        }
    }

    private final class IngestCounts implements IngestListener {
        @Override
        public void written(DatasetName dataset, String batchId, int stagedFiles, int lakeFiles, long rows) {
            of(dataset, "millrace.ingest.staged.files", "Staged files of batches that were written")
                    .increment((double) stagedFiles);
            of(dataset, "millrace.ingest.lake.files", "Lake files of batches that were written")
                    .increment((double) lakeFiles);
        }

        @Override
        public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
            of(dataset, "millrace.ingest.rows", "Rows that came into the lake").increment((double) rows);
        }

        @Override
        public void refused(DatasetName dataset, String stagedKey, String reason, String message) {
            counter(
                            "millrace.ingest.refused.files",
                            "Staged files that were quarantined",
                            DATASET,
                            dataset.toString(),
                            "reason",
                            reason)
                    .increment();
        }

        private Counter of(DatasetName dataset, String name, String description) {
            return counter(name, description, DATASET, dataset.toString());
        }
    }
}
