package dev.millrace.cli;

import dev.millrace.cli.doctor.Diagnosis;
import dev.millrace.cli.doctor.Examined;
import dev.millrace.cli.doctor.Item;
import dev.millrace.cli.doctor.Status;
import dev.millrace.cli.doctor.Verdict;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** A diagnosis for people: a line for each check under the heading of its group, what to do below those that need it. */
final class DiagnosisText {
    private static final int STATUS_WIDTH = 7;
    private static final int TIME_WIDTH = 8;
    private static final String INDENT = "  ";

    private final Diagnosis diagnosis;
    private final Ansi ansi;
    private final int nameWidth;

    DiagnosisText(Diagnosis diagnosis, boolean coloured) {
        this.diagnosis = diagnosis;
        this.ansi = coloured ? Ansi.ON : Ansi.OFF;
        this.nameWidth = diagnosis.checks().stream()
                .mapToInt(check -> check.check().length())
                .max()
                .orElse(0);
    }

    void print(PrintStream out) {
        String group = "";
        for (Examined check : diagnosis.checks()) {
            if (!check.group().equals(group)) {
                group = check.group();
                out.println(styled("bold", group));
            }
            print(check, out);
        }
        out.println(styled(style(diagnosis.verdict()), diagnosis.verdict().word()) + ": " + counts() + "; "
                + millis(diagnosis.elapsed().toMillis()));
    }

    private void print(Examined check, PrintStream out) {
        Status status = check.finding().status();
        String time = status == Status.SKIPPED ? "-" : millis(check.elapsed().toMillis());
        out.println(INDENT
                + styled(style(status), padded(status.word(), STATUS_WIDTH))
                + INDENT
                + padded(check.check(), nameWidth)
                + INDENT
                + " ".repeat(Math.max(0, TIME_WIDTH - time.length()))
                + time
                + INDENT
                + check.finding().seen());
        String below = " ".repeat(INDENT.length() * 4 + STATUS_WIDTH + nameWidth + TIME_WIDTH);
        for (Item item : check.finding().items()) {
            String mark = item.status() == Status.OK
                    ? ""
                    : styled(style(item.status()), item.status().word()) + " ";
            out.println(below + mark + item.subject() + ": " + item.seen());
        }
        check.finding().remedy().ifPresent(remedy -> out.println(below + styled("bold", "->") + " " + remedy));
    }

    private String counts() {
        List<String> counts = new ArrayList<>();
        for (Status status : Status.values()) {
            if (diagnosis.count(status) > 0) {
                counts.add(diagnosis.count(status) + " " + status.word());
            }
        }
        return String.join(", ", counts);
    }

    private static String millis(long millis) {
        return millis < 10_000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String style(Status status) {
        return switch (status) {
            case OK -> "green";
            case WARNING -> "yellow";
            case FAILED -> "red,bold";
            case SKIPPED -> "faint";
        };
    }

    private static String style(Verdict verdict) {
        return switch (verdict) {
            case HEALTHY -> "green,bold";
            case DEGRADED -> "yellow,bold";
            case BROKEN -> "red,bold";
        };
    }

    /** The text itself is never read as markup: it may come from anywhere. */
    private String styled(String style, String text) {
        return ansi.enabled() ? ansi.string("@|" + style + " " + text + "|@") : text;
    }
}
