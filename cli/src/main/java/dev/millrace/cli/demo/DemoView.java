package dev.millrace.cli.demo;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Shows the counts: on a terminal a table that changes in its place, elsewhere a line a second. Refreshes itself on a thread of its own. */
final class DemoView implements AutoCloseable {

    private final Map<DemoSource, DemoCounts> counts;
    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private final Instant begun;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor();
    private ScheduledFuture<?> refreshing;
    private String phase = "";
    private int linesShown;

    DemoView(Map<DemoSource, DemoCounts> counts, PrintStream out, boolean terminal, Clock clock) {
        this.counts = counts;
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /** Says what is being done from now on. */
    synchronized void phase(String name) {
        phase = name;
        show();
    }

    /** Shows them again and again, until the view is closed. */
    void showEvery(Duration period) {
        refreshing =
                refresher.scheduleAtFixedRate(this::show, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        if (refreshing != null) {
            refreshing.cancel(false);
        }
        refresher.shutdown();
    }

    private synchronized void show() {
        double seconds = Duration.between(begun, clock.instant()).toMillis() / 1_000.0;
        if (terminal) {
            table(seconds);
        } else {
            lines(seconds);
        }
        out.flush();
    }

    private void table(double seconds) {
        if (linesShown > 0) {
            out.printf("\u001b[%dA\u001b[J", linesShown);
        }
        out.printf(Locale.ROOT, "%6.1f s  %s%n", seconds, phase);
        out.printf(
                "  %-10s%14s%14s%14s%14s%12s%10s%n",
                "dataset", "rows staged", "waiting", "in the lake", "staged files", "lake files", "commits");
        counts.forEach((source, c) -> out.printf(
                Locale.ROOT,
                "  %-10s%,14d%,14d%,14d%,14d%,12d%,10d%n",
                source.dataset(),
                c.stagedRows(),
                Math.max(0, c.stagedRows() - c.lakeRows()),
                c.lakeRows(),
                c.stagedFiles(),
                c.lakeFiles(),
                c.commits()));
        linesShown = 2 + counts.size();
    }

    private void lines(double seconds) {
        counts.forEach((source, c) -> out.printf(
                Locale.ROOT,
                "%6.1f s  %s  %s: %,d rows staged, %,d waiting, %,d in the lake, %,d staged files, %,d lake files,"
                        + " %,d commits%n",
                seconds,
                phase,
                source.dataset(),
                c.stagedRows(),
                Math.max(0, c.stagedRows() - c.lakeRows()),
                c.lakeRows(),
                c.stagedFiles(),
                c.lakeFiles(),
                c.commits()));
    }
}
