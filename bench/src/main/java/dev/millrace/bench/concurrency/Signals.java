package dev.millrace.bench.concurrency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the process that started this one tells it on standard input: {@value #GO}, then {@value #STOP}. When standard input ends
 * without that, the other one is dead, and this process ends at once. Thread-safe.
 */
final class Signals {
    static final String GO = "go";
    static final String STOP = "stop";

    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);

    static Signals fromStandardInput() {
        Signals signals = new Signals();
        Thread thread = new Thread(signals::listen, "signals");
        thread.setDaemon(true);
        thread.start();
        return signals;
    }

    @SuppressWarnings("SystemExitOutsideMain") // Nobody is left who would want an orderly end.
    private void listen() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals(STOP)) {
                    stop.countDown();
                }
                go.countDown();
            }
        } catch (IOException e) {
            // The same as its end.
        }
        Runtime.getRuntime().halt(1);
    }

    void awaitGo() throws InterruptedException {
        go.await();
    }

    boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** Waits until told to stop; returns whether that was so within this time. */
    boolean awaitStop(Duration longest) throws InterruptedException {
        return stop.await(Math.max(0, longest.toMillis()), TimeUnit.MILLISECONDS);
    }
}
