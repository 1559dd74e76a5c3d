package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.bench.oracle.EventRows;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/**
 * The status quo: inserts batch after batch into DuckLake, each in a transaction of its own, with the engine's own settings for
 * retries. A batch that fails is counted and given up.
 */
final class DirectWriterTask implements Task {
    static final String CREATE_TABLE = """
            CREATE TABLE lake.events (producer VARCHAR, sequence BIGINT, event_date DATE, note VARCHAR)
            """;

    private static final String INSERT = "INSERT INTO lake.events VALUES ";
    private static final String ROW = "(?, ?::BIGINT, ?::DATE, ?)";

    /** What the engine says when it can do nothing any more. */
    private static final String BROKEN = "invalidated";

    private final String producer;
    private final int batchRows;
    private final String insert;
    private final Site site;
    private final Account account;
    private final Signals signals;
    private final Iterator<LocalDate> days;
    private PlainDuckDb duckDb;
    private long sequence;

    DirectWriterTask(Order order, Site site, Account account, Signals signals, Clock clock) {
        this.producer = "d" + order.number() + "-" + order.life();
        this.batchRows = order.pace().batchRows();
        this.insert = INSERT + String.join(", ", Collections.nCopies(batchRows, ROW));
        this.site = site;
        this.account = account;
        this.signals = signals;
        this.days = Producing.days(order, clock);
        this.duckDb = open();
    }

    private PlainDuckDb open() {
        return PlainDuckDb.withLake(site.s3(), site.catalog(), site.lakeData().root());
    }

    @Override
    public void run() {
        while (!signals.isStopped() && days.hasNext()) {
            String[] values = batch(days.next());
            account.begun();
            long begun = System.nanoTime();
            try {
                duckDb.execute(insert, values);
                account.done(Duration.ofNanos(System.nanoTime() - begun));
                account.addRows(batchRows);
            } catch (BenchException e) {
                account.failed(e);
                if (e.getMessage().contains(BROKEN)) {
                    duckDb.close();
                    duckDb = open();
                }
            }
        }
    }

    private String[] batch(LocalDate day) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < batchRows; i++) {
            GenericRecord row = EventRows.row(producer, sequence++, day);
            values.add(row.get("producer").toString());
            values.add(row.get("sequence").toString());
            values.add(day.toString());
            values.add(row.get("note").toString());
        }
        return values.toArray(String[]::new);
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
