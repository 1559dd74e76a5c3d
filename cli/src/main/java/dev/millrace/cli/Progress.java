package dev.millrace.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** One line on a terminal that says how many rows there were and how fast; nothing elsewhere. For one thread. */
final class Progress implements AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofMillis(200);
    /** The clock is not asked for every row. */
    private static final long ROWS_BETWEEN_LOOKS = 1_000;

    private final ProcessContext context;
    private final Clock clock;
    private final Instant start;
    private Instant shown;
    private long rows;
    private boolean lineIsOpen;

    Progress(ProcessContext context) {
        this.context = context;
        this.clock = context.clock();
        this.start = clock.instant();
        this.shown = start;
    }

    void row() {
        rows++;
        if (context.terminal() && rows % ROWS_BETWEEN_LOOKS == 0) {
            Instant now = clock.instant();
            if (Duration.between(shown, now).compareTo(BETWEEN_LINES) >= 0) {
                show(now);
            }
        }
    }

    long rows() {
        return rows;
    }

    private void show(Instant now) {
        double seconds = Duration.between(start, now).toMillis() / 1_000.0;
        context.process()
                .err()
                .printf(Locale.ROOT, "\r%,d rows, %,.0f rows/s ", rows, seconds > 0 ? rows / seconds : 0.0);
        context.process().err().flush();
        shown = now;
        lineIsOpen = true;
    }

    /** Ends the line, so that what follows begins on one of its own. */
    @Override
    public void close() {
        if (lineIsOpen) {
            show(clock.instant());
            context.process().err().println();
            lineIsOpen = false;
        }
    }
}
