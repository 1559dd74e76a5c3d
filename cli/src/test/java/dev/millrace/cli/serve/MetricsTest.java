package dev.millrace.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.Activity;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.staging.StagedFile;
import dev.millrace.staging.StagingException;
import dev.millrace.staging.StagingMetrics;
import dev.millrace.storage.PutOutcome;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoreOperation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Proves that docs/metrics.md, the alert rules and the dashboard name the metrics that are exported, and no others, and that each scrape has all of them. */
class MetricsTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Path ALERTS = REPOSITORY.resolve("infra/prometheus/alerts.yaml");
    private static final Path DOCS = REPOSITORY.resolve("docs/metrics.md");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(millrace_\\w+)` \\| (\\w+) \\|(.*?)\\| .*");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /** What stands in PromQL beside the names of metrics. */
    private static final Set<String> WORDS =
            Set.of("absent", "and", "by", "deriv", "histogram_quantile", "increase", "or", "rate", "sum");

    private final Metrics metrics = new Metrics();

    /** What a producer's own process exports. */
    private final PrometheusMeterRegistry producers = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @BeforeEach
    void countOneOfEach() {
        DatasetName trips = DatasetName.parse("trips");
        IngestListener ingest = metrics.ingest();
        ingest.written(trips, "batch", 3, 2, 100);
        ingest.committed(trips, "batch", 100, Duration.ofMillis(40));
        ingest.refused(trips, "trips/x/0.parquet", "not-parquet", "it is none");
        metrics.ingested("trips");
        Workspace.Observers observers = metrics.observers();
        observers.transactions().committed(Activity.INGEST, Duration.ofMillis(40));
        observers.transactions().committed(Activity.COMPACT, Duration.ofMillis(400));
        observers.transactions().retried(Activity.COMPACT);
        observers.stores().ended(StoreOperation.PUT, true, Duration.ofMillis(20), 1_000);
        observers.stores().ended(StoreOperation.LIST, false, Duration.ofSeconds(10), 0);
        StagingMetrics producer = new StagingMetrics(producers);
        producer.published(trips, staged(trips), Duration.ofMillis(20));
        producer.notPublished(trips, new StorageException("away"));
        producer.broken(trips, new StagingException("a row does not fit"));
        metrics.compacted("trips", 3, 5);
        metrics.deleted(1, 2, 3);
        JobState.Last last =
                new JobState.Last(Looks.AT, Looks.AT.plusSeconds(2), new JobEnd(JobEnd.Outcome.FAILED, "no"));
        metrics.ended(JobKind.INGEST, last);
        metrics.watch(
                JobKind.INGEST,
                () -> new JobState(
                        JobKind.INGEST, "every 1m", Optional.of(Looks.AT), Optional.of(last), Optional.empty(), 4));
        metrics.watch(() -> true, () -> false);
        metrics.looked(Looks.full(), Looks.AT.plusSeconds(10));
    }

    @Test
    void aScrapeBesideALookSeesAllOfOneLook() throws InterruptedException {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread looks = new Thread(() -> {
            while (!isOver.get()) {
                metrics.looked(Looks.full(), Looks.AT);
            }
        });
        looks.start();
        try {
            Set<String> names = names(metrics.scrape());
            for (int scrape = 0; scrape < 500; scrape++) {
                assertThat(names(metrics.scrape())).isEqualTo(names);
            }
        } finally {
            isOver.set(true);
            looks.join();
        }
    }

    private static Set<String> names(String scraped) {
        return TYPE.matcher(scraped)
                .results()
                .map(type -> type.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static StagedFile staged(DatasetName dataset) {
        return new StagedFile(
                new StagingKey(dataset, new ProducerId("till-1"), BatchId.next()), 100, 2_000, PutOutcome.CREATED);
    }

    private String scraped() {
        return metrics.scrape() + producers.scrape();
    }

    private Map<String, String> exported() {
        return TYPE.matcher(scraped())
                .results()
                .filter(type -> type.group(1).startsWith("millrace_"))
                .collect(Collectors.toMap(t -> t.group(1), t -> t.group(2), (a, b) -> a, TreeMap::new));
    }

    private Set<String> samples() {
        return scraped()
                .lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .map(sample -> sample.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Matcher> documented() throws IOException {
        return Files.readAllLines(DOCS).stream()
                .map(DOCUMENTED::matcher)
                .filter(Matcher::matches)
                .toList();
    }

    @Test
    void whatIsExportedIsDocumentedWithItsKind() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        documented().forEach(row -> documented.put(row.group(1), row.group(2)));

        assertThat(documented).isEqualTo(exported());
    }

    @Test
    void theLabelsAreTheDocumentedOnes() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        documented()
                .forEach(row -> documented.put(
                        row.group(1),
                        Pattern.compile("`(\\w+)`")
                                .matcher(row.group(3))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        scraped().lines().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> {
            String name = sample.group(1).replaceFirst("_(count|sum|bucket)$", "");
            if (name.startsWith("millrace_") && sample.group(2) != null) {
                Set<String> labels = LABEL.matcher(sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(labels).as(name).isEqualTo(documented.get(name));
            }
        });
    }

    @Test
    void theNumbersAreThose() {
        assertThat(scraped())
                .contains(
                        "millrace_catalog_commit_seconds_bucket{activity=\"compact\",le=\"0.5\"} 1",
                        "millrace_catalog_retries_total{activity=\"compact\"} 1.0",
                        "millrace_storage_seconds_count{operation=\"put\",outcome=\"succeeded\"} 1",
                        "millrace_storage_seconds_count{operation=\"list\",outcome=\"failed\"} 1",
                        "millrace_storage_bytes_total{operation=\"put\"} 1000.0",
                        "millrace_producer_rows_total{dataset=\"trips\"} 100.0",
                        "millrace_producer_publish_seconds_count{dataset=\"trips\",outcome=\"failed\"} 1",
                        "millrace_producer_broken_writers_total{dataset=\"trips\"} 1.0",
                        "millrace_ingest_rows_total{dataset=\"trips\"} 100.0",
                        "millrace_ingest_refused_files_total{dataset=\"trips\",reason=\"not-parquet\"} 1.0",
                        "millrace_catalog_commit_seconds_bucket{activity=\"ingest\",le=\"0.05\"} 1",
                        "millrace_job_seconds_count{job=\"ingest\",outcome=\"failed\"} 1",
                        "millrace_dataset_oldest_waiting_seconds{dataset=\"trips\"} 100.0",
                        "millrace_lease_overdue_seconds{activity=\"ingest\",dataset=\"trips\"} -230.0",
                        "millrace_job_failures_in_a_row{job=\"ingest\"} 4.0",
                        "millrace_ready 1.0");
    }

    /** A dataset that is gone does not stay in the numbers. */
    @Test
    void whatIsNotSeenAnyMoreIsNotExported() {
        Look full = Looks.full();
        metrics.looked(
                new Look(
                        full.at(),
                        full.took(),
                        List.of(),
                        List.of(),
                        full.runs(),
                        full.snapshots(),
                        full.unneededFiles(),
                        full.disks()),
                Looks.AT);

        assertThat(metrics.scrape()).doesNotContain("millrace_dataset_rows{", "millrace_lease_held_seconds{");
    }

    @Test
    void theAlertRulesNameWhatIsExportedAndAreDocumented() throws IOException {
        JsonNode rules = new YAMLMapper().readTree(Files.readString(ALERTS)).at("/groups/0/rules");
        assertThat(rules).hasSizeGreaterThan(8);
        String docs = Files.readString(DOCS);
        for (JsonNode rule : rules) {
            assertNamesWhatIsExported(rule.get("expr").asText());
            assertThat(docs).contains("| `" + rule.get("alert").asText() + "` |");
            assertThat(rule.at("/labels/severity").asText()).isIn("warning", "critical");
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
        }
    }

    @Test
    void theDashboardNamesWhatIsExported() throws IOException {
        JsonNode dashboard =
                new JsonMapper().readTree(Files.readString(REPOSITORY.resolve("infra/grafana/millrace.json")));
        List<String> queries = new ArrayList<>();
        dashboard.get("panels").forEach(panel -> panel.get("targets")
                .forEach(target -> queries.add(target.get("expr").asText())));
        assertThat(queries).hasSizeGreaterThan(12);
        queries.forEach(this::assertNamesWhatIsExported);
    }

    private void assertNamesWhatIsExported(String query) {
        String bare = query.replaceAll("\\{[^}]*\\}|\\[[^\\]]*\\]|by \\([^)]*\\)", " ");
        Set<String> names = Pattern.compile("[a-zA-Z_]\\w*")
                .matcher(bare)
                .results()
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).as(query).isNotEmpty();
        assertThat(samples()).as(query).containsAll(names);
    }
}
