package dev.millrace.cli.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets the year go by in seconds, for each producer at a speed of its own, as real ones come and go.
 *
 * @param begun when the year began
 * @param year how long it takes
 * @param cores one for each producer that may work at a time: real ones are on machines of their own, these leave the half
 *     of this one to the ingester
 * @param abort when it is counted down, nobody waits any longer
 */
record DemoPace(Instant begun, Duration year, Semaphore cores, CountDownLatch abort, Clock clock) {
    private static final int DAYS_A_YEAR = 365;

    /** Waits until a day has come; returns whether there is reason to go on. */
    boolean awaitDay(int dayOfYear) {
        Instant due = begun.plus(year.multipliedBy(dayOfYear).dividedBy(DAYS_A_YEAR));
        try {
            long millis = Duration.between(clock.instant(), due).toMillis();
            return !abort.await(Math.max(0, millis), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
