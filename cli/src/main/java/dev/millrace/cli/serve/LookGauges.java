package dev.millrace.cli.serve;

import dev.millrace.lake.HeldLease;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gauges of what was seen last. Thread-safe. */
final class LookGauges {
    private static final double MILLIS_A_SECOND = 1_000;

    private final MeterRegistry registry;
    private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();
    private final Map<String, Long> leftFiles = new TreeMap<>();

    LookGauges(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void left(String dataset, long files) {
        leftFiles.put(dataset, files);
        set(
                "millrace.compact.left.files",
                "Lake files that the last compaction left for next time",
                leftFiles.entrySet().stream()
                        .map(entry -> row(Tags.of("dataset", entry.getKey()), entry.getValue()))
                        .toList());
    }

    synchronized void update(Look look, Instant now) {
        set(
                "millrace.look.timestamp.seconds",
                "When the lake was looked at last, since 1970",
                List.of(row(Tags.empty(), look.at().toEpochMilli() / MILLIS_A_SECOND)));
        ofDatasets(
                look, "millrace.dataset.rows", "Rows in the lake", d -> d.size().rows());
        ofDatasets(look, "millrace.dataset.files", "Lake files", d -> d.size().files());
        ofDatasets(look, "millrace.dataset.bytes", "Size of the lake files", d -> d.size()
                .bytes());
        ofDatasets(look, "millrace.dataset.waiting.files", "Staged files that wait", d -> d.waiting()
                .files());
        ofDatasets(look, "millrace.dataset.waiting.bytes", "Size of the staged files that wait", d -> d.waiting()
                .bytes());
        ofDatasets(
                look,
                "millrace.dataset.oldest.waiting.seconds",
                "Age of the oldest staged file that waits",
                d -> d.waiting().oldest().map(oldest -> seconds(oldest, now)).orElse(0.0));
        ofDatasets(look, "millrace.dataset.quarantined.files", "Staged files in quarantine", d -> d.quarantine()
                .files());
        ofDatasets(look, "millrace.dataset.merge.files", "Lake files that are worth a merge", d -> d.merge()
                .files());
        ofDatasets(look, "millrace.dataset.merge.bytes", "Size of the lake files that are worth a merge", d -> d.merge()
                .bytes());
        set(
                "millrace.dataset.since.loaded.seconds",
                "Time since rows came into the lake",
                look.datasets().stream()
                        .filter(d -> d.lastLoaded().isPresent())
                        .map(d -> row(
                                Tags.of("dataset", d.name()),
                                seconds(d.lastLoaded().orElseThrow(), now)))
                        .toList());
        ofLeases(look, "millrace.lease.held.seconds", "How long a lease has been held", HeldLease::takenAt, now);
        ofLeases(
                look,
                "millrace.lease.overdue.seconds",
                "For how long a lease has been expired and not released; below 0 before",
                HeldLease::expiresAt,
                now);
        set(
                "millrace.snapshots",
                "Snapshots that can be read",
                List.of(row(Tags.empty(), look.snapshots().count())));
        set(
                "millrace.unneeded.files",
                "Lake files that no snapshot names and that wait for their deletion",
                List.of(row(Tags.empty(), look.unneededFiles())));
        set(
                "millrace.disk.usable.bytes",
                "Room on a file system",
                look.disks().stream()
                        .map(disk -> row(Tags.of("place", disk.place()), disk.usableBytes()))
                        .toList());
        set(
                "millrace.disk.total.bytes",
                "Size of a file system",
                look.disks().stream()
                        .map(disk -> row(Tags.of("place", disk.place()), disk.totalBytes()))
                        .toList());
    }

    /** Reads the registry while no gauge is exchanged: meanwhile the old ones stand beside the new ones, which Prometheus' format has no room for. */
    synchronized String scraped(Supplier<String> scrape) {
        return scrape.get();
    }

    private void ofDatasets(Look look, String name, String description, Function<Look.Dataset, Number> number) {
        set(
                name,
                description,
                look.datasets().stream()
                        .map(d -> row(Tags.of("dataset", d.name()), number.apply(d)))
                        .toList());
    }

    private void ofLeases(Look look, String name, String description, Function<HeldLease, Instant> from, Instant now) {
        set(
                name,
                description,
                look.leases().stream()
                        .map(lease -> row(
                                Tags.of(
                                        "dataset",
                                        lease.dataset().toString(),
                                        "activity",
                                        lease.activity().word()),
                                seconds(from.apply(lease), now)))
                        .toList());
    }

    private void set(String name, String description, List<MultiGauge.Row<Number>> rows) {
        gauges.computeIfAbsent(
                        name,
                        any -> MultiGauge.builder(name).description(description).register(registry))
                .register(new ArrayList<MultiGauge.Row<?>>(rows), true);
    }

    private static MultiGauge.Row<Number> row(Tags tags, Number number) {
        return MultiGauge.Row.of(tags, number);
    }

    private static double seconds(Instant from, Instant now) {
        return Duration.between(from, now).toMillis() / MILLIS_A_SECOND;
    }
}
