package dev.millrace.bench.concurrency;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The main class of every process of a run. Its one argument is an {@link Order}; it tells a {@link Tally} a line on standard
 * output, the first one when it is ready, the last one when it is done.
 */
public final class Worker {
    private static final long TELL_EVERY_MILLIS = 500;
    private static final int FAILED = 1;

    private Worker() {}

    public static void main(String[] args) throws InterruptedException {
        Order order = Order.parse(args[0]);
        Signals signals = Signals.fromStandardInput();
        Account account = new Account();
        // Whatever else is printed must not get between the lines.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        try (Site site = Site.open(order.site());
                Task task = task(order, site, account, signals)) {
            out.println(account.tally().toText());
            signals.awaitGo();
            CountDownLatch done = new CountDownLatch(1);
            Thread teller = new Thread(() -> tell(account, out, done), "teller");
            teller.start();
            try {
                task.run();
            } finally {
                done.countDown();
                teller.join();
            }
        } catch (RuntimeException e) {
            e.printStackTrace(System.err);
            System.exit(FAILED);
        }
        System.exit(0);
    }

    private static void tell(Account account, PrintStream out, CountDownLatch done) {
        try {
            boolean last;
            do {
                last = done.await(TELL_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                out.println(account.tally().toText());
            } while (!last);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Task task(Order order, Site site, Account account, Signals signals) {
        Clock clock = Clock.systemUTC();
        return switch (order.role()) {
            case PRODUCER -> new ProducerTask(order, site, account, signals, clock);
            case DIRECT_WRITER -> new DirectWriterTask(order, site, account, signals, clock);
            case INGESTER -> new IngesterTask(order.pace(), site, account, signals, clock);
            case COMPACTOR -> new CompactorTask(order.pace(), site, account, signals, clock);
            case READER -> new ReaderTask(order.pace(), site, account, signals);
            case ANALYST -> new AnalystTask(order, site, account, signals);
            case LONG_READER -> new LongReaderTask(order.pace(), site, account, signals);
        };
    }
}
