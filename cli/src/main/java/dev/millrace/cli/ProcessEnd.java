package dev.millrace.cli;

import dev.millrace.cli.serve.ProcessSignals;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Lets a command end in good order when SIGTERM or SIGINT comes: it is asked to, and has some time for what is in work. When that is
 * over, or at a second signal, the process ends as if it were killed, which the next run makes up for. Thread-safe.
 */
final class ProcessEnd {
    /** For commands of which nobody can be asked to end. */
    static final ProcessEnd NEVER = new ProcessEnd(exitCode -> {});

    /** What shells report of a process that SIGTERM has ended: 128 and the number of the signal. */
    private static final int EXIT_CODE_OF_SIGTERM = 143;

    private final IntConsumer halt;
    private final AtomicBoolean isAsked = new AtomicBoolean();
    private final CountDownLatch askedAgain = new CountDownLatch(1);

    /** @param halt ends the process at once with an exit code */
    ProcessEnd(IntConsumer halt) {
        this.halt = halt;
    }

    /**
     * From now on signals ask, where this is the process's own command.
     *
     * @param longest what it may take from the first signal on
     * @param notices told in a sentence that it was asked
     */
    void listen(Duration longest, Consumer<String> notices) {
        if (this == NEVER) {
            return;
        }
        for (String signal : new String[] {"TERM", "INT"}) {
            ProcessSignals.handle(signal, () -> ask(longest, notices));
        }
    }

    private void ask(Duration longest, Consumer<String> notices) {
        if (!isAsked.compareAndSet(false, true)) {
            askedAgain.countDown();
            return;
        }
        Thread bound = new Thread(() -> haltAfter(longest), "end-of-the-process");
        bound.setDaemon(true);
        bound.start();
        notices.accept("asked to end: what is in work is brought to its end, for " + longest.toSeconds()
                + " s at most; asked once more, it ends at once");
    }

    private void haltAfter(Duration longest) {
        try {
            if (askedAgain.await(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                halt.accept(EXIT_CODE_OF_SIGTERM);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        halt.accept(EXIT_CODE_OF_SIGTERM);
    }

    /** Whether it is to end soon. */
    boolean isAsked() {
        return isAsked.get();
    }
}
