package dev.millrace.cli.status;

import dev.millrace.cli.text.Paint;
import dev.millrace.cli.text.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The status for people: a headline, a line for each dataset, and below it what is worth a look of those where something is. When all is well,
 * nothing stands below. Pure.
 */
public final class StatusText {
    /** So many refused files are named of a dataset. */
    private static final int NAMED_FILES = 3;

    private static final List<StatusTable.Column> COLUMNS = List.of(
            new StatusTable.Column("dataset", false, 0),
            new StatusTable.Column("rows", true, 0),
            new StatusTable.Column("files", true, 4),
            new StatusTable.Column("size", true, 5),
            new StatusTable.Column("newest", true, 1),
            new StatusTable.Column("waiting", true, 0),
            new StatusTable.Column("oldest", true, 2),
            new StatusTable.Column("drained in", true, 3),
            new StatusTable.Column("refused", true, 2),
            new StatusTable.Column("state", false, 0),
            new StatusTable.Column("last run", false, 6));

    private final Paint paint;
    private final int width;
    private final Instant at;

    /** @param width characters of a line */
    public StatusText(Paint paint, int width, Instant at) {
        this.paint = paint;
        this.width = width;
        this.at = at;
    }

    /** The lines for some datasets. */
    public List<String> lines(List<StatusEntry> datasets) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(datasets));
        lines.add("");
        StatusTable table = new StatusTable(COLUMNS);
        datasets.forEach(dataset -> table.row(cells(dataset)));
        lines.addAll(table.lines(width, paint));
        datasets.forEach(dataset -> {
            List<String> notes = notes(dataset);
            if (!notes.isEmpty()) {
                lines.add("");
                lines.add(paint.bold(dataset.dataset()));
                lines.addAll(notes);
            }
        });
        return lines;
    }

    private String headline(List<StatusEntry> datasets) {
        long unwell = datasets.stream().filter(d -> !d.state().equals("ok")).count();
        String verdict = unwell == 0
                ? paint.good("all is well")
                : paint.bad(Quantity.count(unwell) + " of " + Quantity.of(datasets.size(), "dataset") + " "
                        + (unwell == 1 ? "needs" : "need") + " a look");
        return at.truncatedTo(ChronoUnit.SECONDS) + ": " + verdict;
    }

    private List<StatusTable.Cell> cells(StatusEntry dataset) {
        boolean isLate = dataset.state().equals("late");
        return List.of(
                new StatusTable.Cell(dataset.dataset(), paint::bold),
                StatusTable.Cell.of(Quantity.count(dataset.rows())),
                StatusTable.Cell.of(Quantity.count(dataset.files())),
                StatusTable.Cell.of(Quantity.bytes(dataset.bytes())),
                StatusTable.Cell.of(seconds(dataset.newest().lagSeconds())),
                StatusTable.Cell.of(dataset.waitingFiles() == 0 ? "-" : Quantity.count(dataset.waitingFiles())),
                new StatusTable.Cell(
                        seconds(dataset.oldestWaitingSeconds()), isLate ? paint::bad : UnaryOperator.identity()),
                StatusTable.Cell.of(
                        dataset.drainSeconds() == null ? "-" : seconds(Math.max(1, dataset.drainSeconds()))),
                new StatusTable.Cell(
                        dataset.quarantinedFiles() == 0 ? "-" : Quantity.count(dataset.quarantinedFiles()),
                        paint::warning),
                new StatusTable.Cell(dataset.state(), colour(dataset.state())),
                StatusTable.Cell.of(
                        dataset.lastRun() == null
                                ? "never"
                                : dataset.lastRun().activity() + " "
                                        + dataset.lastRun().outcome() + " "
                                        + ago(dataset.lastRun().startedAt())));
    }

    private UnaryOperator<String> colour(String state) {
        return switch (state) {
            case "ok" -> paint::good;
            case "quarantine" -> paint::warning;
            default -> paint::bad;
        };
    }

    private List<String> notes(StatusEntry dataset) {
        List<String> notes = new ArrayList<>();
        dataset.failures().forEach(failure -> notes.add(failure(failure)));
        dataset.lastRuns().stream()
                .filter(run -> run.processGone())
                .forEach(run -> notes.add(note(
                        "died",
                        paint.bad(run.activity() + " of " + run.worker() + ", begun " + ago(run.startedAt())
                                + ": its process is gone; the next run goes on"))));
        dataset.leases().forEach(lease -> notes.add(lease(lease)));
        if (dataset.waitingFiles() > 0) {
            notes.add(backlog(dataset));
        }
        if (dataset.quarantinedFiles() > 0) {
            notes.addAll(quarantine(dataset));
        }
        if (dataset.nextCompaction().merges() > 0 || dataset.health().filesWithDeletes() > 0) {
            notes.add(compaction(dataset));
        }
        return notes;
    }

    private String failure(StatusEntry.Failures failure) {
        String text = failure.activity() + " " + failure.last().outcome() + " "
                + ago(failure.last().startedAt())
                + (failure.last().error() == null
                        ? ""
                        : ": " + oneLine(failure.last().error()))
                + (failure.count() > 1 ? " (" + Quantity.count(failure.count()) + " in 24 h)" : "")
                + (failure.over() ? "; well again since" : "")
                + "  " + failure.last().run();
        return note("failed", failure.over() ? text : paint.bad(text));
    }

    private String lease(StatusEntry.HeldBy lease) {
        String text = lease.activity() + " held by " + lease.holder() + " for " + age(lease.since())
                + (lease.deaths() > 0 ? ", after " + Quantity.of(lease.deaths(), "death") : "");
        return note(
                "lease",
                lease.stuck() ? paint.bad(text + "; its holder is gone or silent, the next run takes over") : text);
    }

    private String backlog(StatusEntry dataset) {
        String drained = dataset.drainSeconds() == null
                ? "no ingest ran in the last 6 hours to tell how long that takes"
                : "about " + seconds(Math.max(1, dataset.drainSeconds())) + " of ingest, by its last 6 hours";
        String text = Quantity.of(dataset.waitingFiles(), "file") + " (" + Quantity.bytes(dataset.waitingBytes())
                + "), the oldest for " + seconds(dataset.oldestWaitingSeconds()) + "; " + drained;
        return note("waiting", dataset.state().equals("late") ? paint.bad(text) : text);
    }

    private List<String> quarantine(StatusEntry dataset) {
        List<String> lines = new ArrayList<>();
        String byReason = dataset.quarantinedByReason().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(reason -> Quantity.count(reason.getValue()) + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        lines.add(note("quarantine", paint.warning(Quantity.of(dataset.quarantinedFiles(), "file") + ": " + byReason)));
        dataset.quarantined().stream()
                .limit(NAMED_FILES)
                .forEach(file ->
                        lines.add(note("", file.stagedKey() + " (" + file.reason() + "): " + oneLine(file.message()))));
        if (dataset.quarantinedFiles() > NAMED_FILES) {
            lines.add(note("", "and more: 'millrace quarantine list --dataset " + dataset.dataset() + "'"));
        }
        return lines;
    }

    private String compaction(StatusEntry dataset) {
        StatusEntry.NextCompaction next = dataset.nextCompaction();
        String files = Quantity.count(dataset.health().smallFiles()) + " of " + Quantity.of(dataset.files(), "file")
                + " small"
                + (dataset.health().filesWithDeletes() == 0
                        ? ""
                        : ", " + Quantity.count(dataset.health().filesWithDeletes()) + " with deletes");
        return note(
                "compaction",
                files
                        + (next.merges() == 0
                                ? "; nothing worth a merge"
                                : "; would merge " + Quantity.count(next.inputFiles()) + " ("
                                        + Quantity.bytes(next.inputBytes())
                                        + ") into " + Quantity.count(next.merges()) + ", about "
                                        + seconds(next.estimatedSeconds())));
    }

    private static String note(String what, String text) {
        return "  " + what + " ".repeat(Math.max(0, 12 - what.length())) + text;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    private String ago(String instant) {
        return age(instant) + " ago";
    }

    private String age(String instant) {
        Duration age = Duration.between(Instant.parse(instant), at);
        return Quantity.age(age.isNegative() ? Duration.ZERO : age);
    }

    private static String seconds(Long seconds) {
        return seconds == null ? "-" : Quantity.age(Duration.ofSeconds(seconds));
    }
}
