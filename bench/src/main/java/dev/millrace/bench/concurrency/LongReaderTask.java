package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import java.time.Duration;

/** Reads all content some times in one long transaction, with a DuckDB that knows nothing of Millrace: it must not change meanwhile. */
final class LongReaderTask implements Task {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String CONTENT = """
            SELECT count(*) || ' rows, hash ' || coalesce(bit_xor(hash(producer, sequence, event_date, note)), 0)
            FROM lake.events
            """;

    private final Duration length;
    private final Account account;
    private final Signals signals;
    private final PlainDuckDb duckDb;

    LongReaderTask(Pace pace, Site site, Account account, Signals signals) {
        this.length = Duration.ofMillis(pace.others().longReadMillis());
        this.account = account;
        this.signals = signals;
        this.duckDb =
                PlainDuckDb.withLake(site.s3(), site.catalog(), site.lakeData().root());
    }

    @Override
    public void run() throws InterruptedException {
        while (!signals.isStopped()) {
            try {
                read();
            } catch (BenchException e) {
                account.failed(e);
                duckDb.execute("ROLLBACK");
            }
        }
    }

    private void read() throws InterruptedException {
        duckDb.execute("BEGIN");
        long begun = System.nanoTime();
        String first = content();
        while (System.nanoTime() - begun < length.toNanos() && !signals.awaitStop(PAUSE)) {
            String now = content();
            if (!now.equals(first)) {
                account.found("within one transaction a reader saw " + first + ", then " + now);
            }
        }
        duckDb.execute("COMMIT");
    }

    private String content() {
        account.begun();
        long begun = System.nanoTime();
        String content = duckDb.text(CONTENT);
        account.done(Duration.ofNanos(System.nanoTime() - begun));
        return content;
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
