package dev.millrace.cli.serve;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The page at {@code /}: whole without JavaScript, which adds the charts and keeps it fresh. */
final class StatusPage {
    private static final int RUNS_SHOWN = 40;

    /** What is shown. */
    record Content(Instant now, Map<String, String> unreadiness, List<JobState> jobs, Optional<Look> look) {}

    private record Refused(String dataset, Look.RefusedFile file) {}

    private final Content content;
    private final Html html = new Html();

    private StatusPage(Content content) {
        this.content = content;
    }

    static String of(Content content) {
        return new StatusPage(content).page();
    }

    private String page() {
        html.add("""
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Millrace</title>
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <noscript><meta http-equiv="refresh" content="60"></noscript>
                <link rel="stylesheet" href="/uplot.css"><link rel="stylesheet" href="/style.css">
                <script src="/uplot.js" defer></script><script src="/app.js" defer></script>
                </head><body><a class="skip" href="#datasets">To the datasets</a>
                """);
        html.add("<header><h1>Millrace</h1><div id=\"state\">");
        if (content.unreadiness().isEmpty()) {
            html.add("<p class=\"badge good\">ready</p>");
        } else {
            content.unreadiness()
                    .forEach((what, why) -> html.add("<p class=\"badge bad\">not ready: {}: {}</p>", what, why));
        }
        html.add("<p class=\"note\">{}</p></div></header><main>", shown(content.now()));
        html.add("<section id=\"datasets\"><h2>Datasets</h2>");
        content.look().ifPresentOrElse(this::datasets, () -> html.add("<p>The lake was not looked at yet.</p>"));
        html.add("</section><section id=\"charts\" hidden><h2>How it moved</h2><div class=\"charts\"></div></section>");
        html.add("<section id=\"jobs\"><h2>Jobs</h2>");
        jobs();
        html.add("</section>");
        html.add("<section id=\"details\">");
        content.look().ifPresent(this::details);
        return html.add("</section></main></body></html>\n").toString();
    }

    private void datasets(Look look) {
        if (look.datasets().isEmpty()) {
            html.add("<p>There are no contracts yet; add one and run 'millrace init'.</p>");
            return;
        }
        html.table(
                "As of " + shown(look.at()),
                List.of(
                        Html.Column.text("dataset", Look.Dataset::name),
                        Html.Column.number("rows", d -> Quantity.count(d.size().rows())),
                        Html.Column.number(
                                "lake files", d -> Quantity.count(d.size().files())),
                        Html.Column.number("size", d -> Quantity.bytes(d.size().bytes())),
                        Html.Column.number(
                                "waiting files", d -> Quantity.count(d.waiting().files())),
                        Html.Column.number(
                                "waiting", d -> Quantity.bytes(d.waiting().bytes())),
                        Html.Column.number(
                                "oldest waits",
                                d -> d.waiting().oldest().map(this::age).orElse("-")),
                        Html.Column.number(
                                "last rows",
                                d -> d.lastLoaded().map(at -> age(at) + " ago").orElse("never")),
                        Html.Column.number(
                                "quarantined",
                                d -> Quantity.count(d.quarantine().files())),
                        Html.Column.number(
                                "to merge", d -> Quantity.count(d.merge().files()))),
                look.datasets());
        html.table(
                "Lake files by size",
                List.of(
                        Html.Column.text("dataset", Look.Dataset::name),
                        Html.Column.number(
                                "below 1 MB", d -> Quantity.count(d.sizes().below1Mb())),
                        Html.Column.number(
                                "to 16 MB", d -> Quantity.count(d.sizes().below16Mb())),
                        Html.Column.number(
                                "to 64 MB", d -> Quantity.count(d.sizes().below64Mb())),
                        Html.Column.number(
                                "to 256 MB", d -> Quantity.count(d.sizes().below256Mb())),
                        Html.Column.number(
                                "larger", d -> Quantity.count(d.sizes().larger()))),
                look.datasets());
    }

    private void jobs() {
        html.table(
                "What this process does",
                List.of(
                        Html.Column.text("job", job -> job.kind().word()),
                        Html.Column.text("schedule", JobState::schedule),
                        Html.Column.text("now", job -> job.runningSince()
                                .map(since -> "running for " + age(since))
                                .orElse("waits")),
                        Html.Column.text("last", job -> job.last()
                                .map(last -> last.end().outcome().word() + " "
                                        + age(last.endedAt()) + " ago, took "
                                        + Quantity.duration(Duration.between(last.startedAt(), last.endedAt())))
                                .orElse("never")),
                        Html.Column.text("said", job -> job.last()
                                .map(last -> last.end().message())
                                .filter(message -> !message.isEmpty())
                                .orElse("-")),
                        Html.Column.text(
                                "next", job -> job.next().map(StatusPage::shown).orElse("-"))),
                content.jobs());
    }

    private void details(Look look) {
        html.add("<h2>Quarantine</h2>");
        List<Refused> refused = look.datasets().stream()
                .flatMap(d -> d.quarantine().newest().stream().map(file -> new Refused(d.name(), file)))
                .toList();
        if (refused.isEmpty()) {
            html.add("<p>No file was refused.</p>");
        } else {
            html.table(
                    "The newest refused files; 'millrace quarantine' settles them",
                    List.of(
                            Html.Column.text("file", r -> r.file().stagedKey()),
                            Html.Column.text("dataset", Refused::dataset),
                            Html.Column.text("reason", r -> r.file().reason()),
                            Html.Column.text("message", r -> r.file().message()),
                            Html.Column.text("since", r -> age(r.file().decidedAt()))),
                    refused);
        }
        html.add("<h2>Runs</h2>").add(new Timeline(look.runs(), content.now()).draw(look.runs()));
        html.table(
                "The newest runs",
                List.of(
                        Html.Column.text("begun", r -> shown(r.startedAt())),
                        Html.Column.text("dataset", r -> r.dataset().isEmpty() ? "the lake" : r.dataset()),
                        Html.Column.text("activity", Look.Run::activity),
                        Html.Column.text("outcome", Look.Run::outcome),
                        Html.Column.number("took", r -> r.endedAt()
                                .map(end -> Quantity.duration(Duration.between(r.startedAt(), end)))
                                .orElse("-")),
                        Html.Column.number("files", r -> Quantity.count(r.files())),
                        Html.Column.number("rows", r -> Quantity.count(r.rows())),
                        Html.Column.text("error", r -> r.error().orElse("-"))),
                look.runs().stream().limit(RUNS_SHOWN).toList());
        lake(look);
    }

    private void lake(Look look) {
        if (!look.leases().isEmpty()) {
            html.add("<h2>Leases</h2>")
                    .table(
                            "Who works on which dataset",
                            List.of(
                                    Html.Column.text("dataset", (HeldLease lease) -> lease.dataset()
                                            .toString()),
                                    Html.Column.text("activity", lease -> lease.activity()
                                            .word()),
                                    Html.Column.text(
                                            "holder", lease -> lease.holder().toString()),
                                    Html.Column.text("since", lease -> age(lease.takenAt())),
                                    Html.Column.text("expires", lease -> shown(lease.expiresAt()))),
                            look.leases());
        }
        html.add("<h2>Snapshots</h2>");
        html.add(
                "<p>{} can be read, the oldest from {}; {} lake files wait for their deletion.</p>",
                Quantity.count(look.snapshots().count()),
                look.snapshots().oldest().map(StatusPage::shown).orElse("never"),
                Quantity.count(look.unneededFiles()));
        html.table(
                "The newest snapshots",
                List.of(
                        Html.Column.text("snapshot", s -> Long.toString(s.id())),
                        Html.Column.text("committed", s -> shown(s.at())),
                        Html.Column.text("by", s -> s.author().isEmpty() ? "-" : s.author()),
                        Html.Column.text("message", s -> s.message().isEmpty() ? "-" : s.message())),
                look.snapshots().newest());
        if (!look.disks().isEmpty()) {
            html.add("<h2>Disks</h2>")
                    .table(
                            "File systems of staging area, lake and catalog",
                            List.of(
                                    Html.Column.text("place", Look.Disk::place),
                                    Html.Column.number("free", disk -> Quantity.bytes(disk.usableBytes())),
                                    Html.Column.number("of", disk -> Quantity.bytes(disk.totalBytes()))),
                            look.disks());
        }
    }

    private String age(Instant since) {
        return Quantity.age(Duration.between(since, content.now()));
    }

    private static String shown(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
