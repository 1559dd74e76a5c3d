package dev.millrace.bench.concurrency;

import dev.millrace.bench.BenchException;
import dev.millrace.bench.PlainDuckDb;
import dev.millrace.bench.oracle.ChangeLog;
import dev.millrace.bench.oracle.ChangeLog.Change;
import dev.millrace.bench.oracle.ChangeLog.Changed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Deletes and updates some rows every so often by SQL, with a DuckDB that knows nothing of Millrace, and writes down which. A
 * statement that another transaction was ahead of is tried again, as an analyst would.
 *
 * <p>For one analyst on a lake: of two who delete from one file at once DuckLake d8a1881e loses the deletes of one, with or
 * without Millrace.
 */
final class AnalystTask implements Task {
    private static final int RANGE = 25;
    private static final int MOST_TRIES = 50;
    private static final String PRODUCER = """
            SELECT count(*), coalesce(max(producer), ''), coalesce(min(lowest), 0), coalesce(max(highest), 0)
            FROM (SELECT producer, min(sequence) AS lowest, max(sequence) AS highest
                FROM lake.events GROUP BY producer ORDER BY random() LIMIT 1)
            """;
    private static final String SEQUENCES = """
            SELECT coalesce(string_agg(sequence::VARCHAR, ','), '') FROM lake.events
            """;

    private static final String ROWS = " WHERE producer = '%s' AND sequence BETWEEN %d AND %d";

    private static final String DELETE = "DELETE FROM lake.events";
    private static final String UPDATE = "UPDATE lake.events SET note = " + ChangeLog.UPDATED_NOTE;
    private static final List<String> CONFLICTS = List.of("conflict", "database is locked", "could not serialize");

    private record Producer(long count, String name, long lowest, long highest) {}

    private final Order order;
    private final Account account;
    private final Signals signals;
    private final PlainDuckDb duckDb;
    private final ChangeLog log;
    private final Random random;

    AnalystTask(Order order, Site site, Account account, Signals signals) {
        this.order = order;
        this.account = account;
        this.signals = signals;
        this.duckDb =
                PlainDuckDb.withLake(site.s3(), site.catalog(), site.lakeData().root());
        this.log = ChangeLog.open(Path.of(order.acknowledgements()), "a" + order.number() + "-" + order.life());
        this.random = new Random(order.number());
    }

    @Override
    public void run() throws InterruptedException {
        Duration every = Duration.ofMillis(order.pace().everyMillis());
        long begun = System.nanoTime();
        while (!signals.awaitStop(every.minusNanos(System.nanoTime() - begun))) {
            begun = System.nanoTime();
            Producer producer = duckDb.single(
                    PRODUCER, row -> new Producer(row.getLong(1), row.getString(2), row.getLong(3), row.getLong(4)));
            if (producer.count() > 0) {
                change(producer);
            }
        }
    }

    private void change(Producer producer) {
        long first = random.nextLong(producer.lowest(), producer.highest() + 1);
        String rows = ROWS.formatted(producer.name(), first, first + RANGE);
        Change change = random.nextBoolean() ? Change.DELETED : Change.UPDATED;
        account.begun();
        long begun = System.nanoTime();
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            try {
                Optional<Changed> changed = tryChange(change, producer.name(), rows);
                changed.ifPresent(log::committed);
                account.addRows(changed.map(c -> c.sequences().size()).orElse(0));
                account.done(Duration.ofNanos(System.nanoTime() - begun));
                return;
            } catch (BenchException e) {
                if (!isConflict(e)) {
                    throw e;
                }
                account.retried(1);
            }
        }
        account.found("an analyst did not get through with " + change + " of" + rows + " in " + MOST_TRIES + " tries");
    }

    private Optional<Changed> tryChange(Change change, String producer, String rows) {
        duckDb.execute("BEGIN");
        boolean committing = false;
        try {
            String sequences = duckDb.text(SEQUENCES + rows);
            duckDb.execute((change == Change.DELETED ? DELETE : UPDATE) + rows);
            committing = true;
            duckDb.execute("COMMIT");
            return sequences.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Changed(
                            change,
                            producer,
                            Arrays.stream(sequences.split(","))
                                    .map(Long::valueOf)
                                    .toList()));
        } catch (BenchException e) {
            // A COMMIT that failed has ended its transaction.
            if (!committing) {
                duckDb.execute("ROLLBACK");
            }
            throw e;
        }
    }

    private static boolean isConflict(BenchException e) {
        String message = e.getMessage().toLowerCase(Locale.ROOT);
        return CONFLICTS.stream().anyMatch(message::contains);
    }

    @Override
    public void close() {
        duckDb.close();
    }
}
