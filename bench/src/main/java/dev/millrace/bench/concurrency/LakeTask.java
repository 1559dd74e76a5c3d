package dev.millrace.bench.concurrency;

import dev.millrace.lake.FencedException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Work that comes by every so often with a session of the lake. A session that failed is replaced, as a new process would. */
abstract class LakeTask implements Task {
    private static final long PAUSE_MILLIS = 100;

    private final Site site;
    private final SessionOptions.Access access;
    private final Account account;
    private final Signals signals;
    private final Duration every;
    private LakeSession session;

    LakeTask(Site site, SessionOptions.Access access, Account account, Signals signals, Pace pace) {
        this.site = site;
        this.access = access;
        this.account = account;
        this.signals = signals;
        this.every = Duration.ofMillis(pace.everyMillis());
        this.session = site.session(access);
    }

    /** Does it once; returns whether there may be more to do. */
    abstract boolean pass(LakeSession lake);

    /** Whether it goes on after the stop signal until there is no more to do. */
    abstract boolean drains();

    @Override
    public final void run() throws InterruptedException {
        boolean stopped = false;
        boolean more = true;
        while (!stopped || (drains() && more)) {
            long begun = System.nanoTime();
            more = tryPass();
            // A pass that began before the stop signal may not have seen all that there was.
            boolean seenAll = stopped;
            stopped = signals.isStopped();
            more |= !seenAll;
            if (!stopped) {
                stopped = signals.awaitStop(every.minusNanos(System.nanoTime() - begun));
            } else if (drains() && more) {
                // Whoever holds the lease, or a server that is away, needs a moment.
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        }
    }

    private boolean tryPass() {
        account.begun();
        long begun = System.nanoTime();
        try {
            if (session == null) {
                session = site.session(access);
            }
            boolean more = pass(session);
            account.done(Duration.ofNanos(System.nanoTime() - begun));
            return more;
        } catch (FencedException e) {
            account.fenced();
            return true;
        } catch (RuntimeException e) {
            account.failed(e);
            close();
            return true;
        }
    }

    @Override
    public final void close() {
        if (session != null) {
            LakeSession closing = session;
            session = null;
            closing.close();
        }
    }
}
