package dev.millrace.cli.serve;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws runs along the time, a lane for each dataset and activity. */
final class Timeline {
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final int WIDTH = 1_000;
    private static final int LANE = 26;
    private static final int BAR = 16;
    /** On a phone the text is twice as large. */
    private static final int LABEL = 30;

    private static final double NARROWEST_BAR = 3;

    private final Instant from;
    private final Instant to;

    Timeline(List<Look.Run> runs, Instant now) {
        Instant earliest = now.minus(LONGEST);
        this.from = runs.stream()
                .map(Look.Run::startedAt)
                .filter(at -> at.isAfter(earliest))
                .min(Instant::compareTo)
                .orElse(earliest)
                .truncatedTo(ChronoUnit.MINUTES);
        this.to = now.isAfter(from.plusSeconds(1)) ? now : from.plusSeconds(1);
    }

    Html draw(List<Look.Run> runs) {
        Map<String, List<Look.Run>> lanes = new TreeMap<>();
        runs.stream().filter(run -> run.endedAt().orElse(to).isAfter(from)).forEach(run -> lanes.computeIfAbsent(
                        lane(run), any -> new ArrayList<>())
                .add(run));
        Html html = new Html();
        html.add("<p class=\"note\">{} to now; the same runs are in the table.</p>", shown(from));
        html.add(
                "<svg class=\"timeline\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" role=\"img\""
                        + " aria-label=\"Runs along the time\">",
                WIDTH,
                Math.max(1, lanes.size()) * (LANE + LABEL));
        int y = 0;
        for (Map.Entry<String, List<Look.Run>> lane : lanes.entrySet()) {
            html.add("<text x=\"0\" y=\"{}\">{}</text>", y + LABEL - 7, lane.getKey());
            html.add("<rect class=\"lane\" x=\"0\" y=\"{}\" width=\"{}\" height=\"{}\"/>", y + LABEL, WIDTH, BAR);
            for (Look.Run run : lane.getValue()) {
                double begin = Math.min(x(run.startedAt()), WIDTH - NARROWEST_BAR);
                double end = Math.max(x(run.endedAt().orElse(to)), begin + NARROWEST_BAR);
                html.add(
                        "<rect class=\"run {}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>",
                        run.outcome(),
                        Math.round(begin),
                        y + LABEL,
                        Math.round(end - begin),
                        BAR,
                        lane.getKey() + ", " + shown(run.startedAt()) + ": " + run.outcome() + ", " + run.rows()
                                + " rows");
            }
            y += LANE + LABEL;
        }
        return html.add("</svg>");
    }

    private static String lane(Look.Run run) {
        return (run.dataset().isEmpty() ? "the lake" : run.dataset()) + ", " + run.activity();
    }

    private double x(Instant at) {
        double share = (double) Duration.between(from, at).toMillis()
                / Duration.between(from, to).toMillis();
        return WIDTH * Math.max(0, Math.min(1, share));
    }

    private static String shown(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
