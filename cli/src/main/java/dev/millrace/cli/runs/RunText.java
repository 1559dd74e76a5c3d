package dev.millrace.cli.runs;

import dev.millrace.cli.text.Paint;
import dev.millrace.cli.text.Quantity;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs as a tree for people: a line for each, children behind their parent, an error below its line. */
public final class RunText {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The ends of the parts of an id: the first two tell the millisecond. */
    private static final int[] ID_LENGTHS = {13, 18, 23, 36};

    private static final String GAP = "  ";

    private final Paint paint;
    private final Instant now;

    /** @param now for how long those that run have been running */
    public RunText(Paint paint, Instant now) {
        this.paint = paint;
        this.now = now;
    }

    private record Line(String id, String started, String took, String what, RunEntry run) {}

    /** Prints runs in the order of the list, which has each child behind its parent. */
    public void print(List<RunEntry> runs, PrintStream out) {
        int idLength = idLength(runs);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            lines.add(line(runs, i, idLength));
        }
        int id = width("run", lines.stream().map(Line::id).toList());
        int took = width("took", lines.stream().map(Line::took).toList());
        int what = width("what", lines.stream().map(Line::what).toList());
        int outcome = "succeeded".length();
        out.println(paint.faint(pad("run", id) + GAP + pad("started (UTC)", 14) + GAP + right("took", took) + GAP
                + pad("what", what) + GAP + pad("outcome", outcome) + GAP + "done"));
        for (Line line : lines) {
            String text = pad(line.id(), id)
                    + GAP
                    + line.started()
                    + GAP
                    + right(line.took(), took)
                    + GAP
                    + pad(line.what(), what)
                    + GAP
                    + outcome(line.run(), outcome)
                    + GAP
                    + done(line.run());
            out.println(text.stripTrailing());
            String indent = line.run().parent() == null ? "  " : "     ";
            notes(line.run()).forEach(note -> out.println(indent + note));
        }
    }

    private Line line(List<RunEntry> runs, int index, int idLength) {
        RunEntry run = runs.get(index);
        boolean isChild =
                run.parent() != null && runs.stream().anyMatch(r -> r.run().equals(run.parent()));
        boolean isLast = index == runs.size() - 1
                || !Objects.equals(run.parent(), runs.get(index + 1).parent());
        String branch = "";
        if (isChild) {
            branch = isLast ? "└ " : "├ ";
        }
        return new Line(
                branch + run.run().substring(0, idLength),
                TIME.format(Instant.parse(run.startedAt())),
                took(run),
                run.activity() + (run.dataset() == null ? "" : " " + run.dataset()),
                run);
    }

    private static int idLength(List<RunEntry> runs) {
        for (int length : ID_LENGTHS) {
            Set<String> seen = new HashSet<>();
            if (runs.stream().allMatch(run -> seen.add(run.run().substring(0, length)))) {
                return length;
            }
        }
        return ID_LENGTHS[ID_LENGTHS.length - 1];
    }

    private String took(RunEntry run) {
        Instant end = run.endedAt() == null ? now : Instant.parse(run.endedAt());
        return Quantity.duration(Duration.between(Instant.parse(run.startedAt()), end));
    }

    private String outcome(RunEntry run, int width) {
        String text = pad(run.outcome(), width);
        return switch (run.outcome()) {
            case "succeeded" -> paint.good(text);
            case "running" -> run.processGone() ? paint.bad(text) : text;
            default -> paint.bad(text);
        };
    }

    private static String done(RunEntry run) {
        List<String> parts = new ArrayList<>();
        if (run.rows() > 0) {
            parts.add(Quantity.of(run.rows(), "row"));
        }
        if (run.files() > 0) {
            parts.add(Quantity.of(run.files(), "file"));
        }
        if (run.quarantinedFiles() > 0) {
            parts.add(Quantity.count(run.quarantinedFiles()) + " quarantined");
        }
        return String.join(", ", parts);
    }

    private List<String> notes(RunEntry run) {
        List<String> notes = new ArrayList<>();
        if (run.processGone()) {
            notes.add(paint.bad("its process is gone; the next run records that it died"));
        }
        if (run.error() != null) {
            notes.add(paint.bad(run.error().replaceAll("\\R", " ")));
        }
        if (run.retries() > 0) {
            notes.add(Quantity.count(run.retries()) + (run.retries() == 1 ? " retry" : " retries") + ", waited "
                    + Quantity.duration(Duration.ofMillis(run.retryWaitMillis())) + ": " + run.retryReasons());
        }
        return notes;
    }

    /** Prints everything of one run. */
    public void print(RunDetails details, PrintStream out) {
        RunEntry run = details.run();
        out.println(run.run());
        field(out, "activity", run.activity());
        field(out, "dataset", run.dataset());
        field(out, "parent", run.parent());
        field(out, "worker", run.worker());
        field(out, "started", run.startedAt());
        field(out, "ended", run.endedAt() == null ? null : run.endedAt() + ", after " + took(run));
        field(out, "outcome", outcome(run, 0));
        field(out, "files", Quantity.count(run.files()));
        field(out, "rows", Quantity.count(run.rows()));
        field(out, "bytes", Quantity.bytes(run.bytes()));
        field(out, "quarantined", run.quarantinedFiles() == 0 ? null : Quantity.of(run.quarantinedFiles(), "file"));
        field(out, "commits", Quantity.count(run.commits()));
        notes(run).forEach(note -> out.println("  " + note));
        if (!details.children().isEmpty()) {
            section(out, "runs of it");
            print(details.children(), out);
        }
        if (!details.batches().isEmpty()) {
            section(out, "batches, as the ledger has them");
            details.batches()
                    .forEach(b -> out.println("  " + b.batch() + "  " + b.decidedAt() + "  " + b.status() + "  "
                            + Quantity.of(b.files(), "file") + " (" + Quantity.bytes(b.stagedBytes()) + "), "
                            + Quantity.of(b.rows(), "row")));
        }
        if (!details.steps().isEmpty()) {
            section(out, "steps");
            details.steps()
                    .forEach(s -> out.println("  " + s.step() + "  " + s.action() + "  "
                            + Quantity.of(s.filesBefore(), "file") + " (" + Quantity.bytes(s.bytesBefore()) + ") to "
                            + Quantity.count(s.filesAfter()) + " (" + Quantity.bytes(s.bytesAfter()) + "), "
                            + Quantity.of(s.rows(), "row") + ", "
                            + Quantity.duration(Duration.ofMillis(s.millis()))));
        }
        if (!details.snapshots().isEmpty()) {
            section(out, "snapshots");
            details.snapshots().forEach(s -> out.println("  " + s.snapshot() + "  " + s.message()));
        }
    }

    private void section(PrintStream out, String title) {
        out.println();
        out.println(paint.faint(title));
    }

    private static void field(PrintStream out, String name, String value) {
        if (value != null) {
            out.println("  " + pad(name, 12) + value);
        }
    }

    private static int width(String heading, List<String> values) {
        return values.stream().map(String::length).collect(Collectors.reducing(heading.length(), Math::max));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }
}
