package dev.millrace.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows lines on a terminal again and again, in the place of those before, until the process is asked to end. */
final class StatusWatch {
    /** The other screen, which gives back what stood there before; the cursor is hidden meanwhile. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l";

    private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";

    private final PrintStream out;
    private final Duration interval;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    StatusWatch(PrintStream out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    /**
     * Shows until Ctrl-C or SIGTERM, and leaves the terminal as it was.
     *
     * @param lines as they are now; none beyond those that fit the screen is shown
     */
    void run(Supplier<List<String>> lines, Supplier<Integer> rows) {
        Thread onEnd = new Thread(this::stop, "end of the watch");
        Runtime.getRuntime().addShutdownHook(onEnd);
        out.print(ENTER);
        try {
            do {
                show(lines.get(), rows.get());
            } while (!end.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            out.print(LEAVE);
            out.flush();
            ended.countDown();
        }
    }

    private void show(List<String> lines, int rows) {
        StringBuilder screen = new StringBuilder(HOME);
        lines.stream()
                .limit(Math.max(1, rows - 1))
                .forEach(line -> screen.append(line).append(REST_OF_LINE).append('\n'));
        out.print(screen.append(REST_OF_SCREEN));
        out.flush();
    }

    /** On the thread that ends the process, which waits until the terminal is as it was; a look that hangs is not waited for. */
    private void stop() {
        end.countDown();
        try {
            if (!ended.await(2, TimeUnit.SECONDS)) {
                out.print(LEAVE);
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
