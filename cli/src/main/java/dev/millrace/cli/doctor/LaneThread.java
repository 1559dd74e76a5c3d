package dev.millrace.cli.doctor;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The one thread that the checks of a lane run on; when a check does not come back, the lane is at its end. */
final class LaneThread {
    private final ExecutorService worker;
    private volatile boolean stuck;

    LaneThread(Lane lane) {
        worker = Executors.newSingleThreadExecutor(work -> daemon(work, "doctor-" + lane));
    }

    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Whether a check was given up and may still be at it. */
    boolean isStuck() {
        return stuck;
    }

    /**
     * Runs a check on the lane's thread.
     *
     * @throws TimeoutException when it has not come back within the deadline; the thread is interrupted
     * @throws ExecutionException with what the check has thrown
     */
    Finding run(Check check, Duration deadline) throws TimeoutException, ExecutionException, InterruptedException {
        Future<Finding> looking = worker.submit(check::look);
        try {
            return looking.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            stuck = true;
            looking.cancel(true);
            throw e;
        }
    }

    void end() {
        worker.shutdownNow();
    }
}
