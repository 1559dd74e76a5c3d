package dev.millrace.cli.demo;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An analyst who asks again and again, and who never sees an error or fewer rows than before. */
final class DemoReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoReader.class);
    private static final long PAUSE_MILLIS = 500;
    private static final String COUNT = "SELECT count(*) FROM lake.flights";
    private static final String WEEK = """
            SELECT coalesce(sum(distance), 0) FROM lake.flights
            WHERE flight_date >= DATE '2013-01-01' + ? AND flight_date < DATE '2013-01-08' + ?
            """;

    private final LakeSession session;
    private final DemoDays days;
    private final CountDownLatch end;
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();

    /** @param end when it is counted down, the reader stops */
    DemoReader(LakeSession session, DemoDays days, CountDownLatch end) {
        this.session = session;
        this.days = days;
        this.end = end;
    }

    long queries() {
        return queries.get();
    }

    long errors() {
        return errors.get();
    }

    @Override
    public void run() {
        long rowsBefore = 0;
        try {
            do {
                rowsBefore = ask(rowsBefore);
            } while (!end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long ask(long rowsBefore) {
        try {
            long rows = session.queryLong(COUNT);
            long day = queries.get() * 7 % days.number();
            session.queryLong(WEEK, (int) day, (int) day);
            queries.addAndGet(2);
            if (rows < rowsBefore) {
                LOG.error("The reader saw {} rows after it had seen {}", rows, rowsBefore);
                errors.incrementAndGet();
            }
            return rows;
        } catch (LakeException e) {
            LOG.error("The reader's query failed: {}", e.getMessage());
            errors.incrementAndGet();
            return rowsBefore;
        }
    }
}
