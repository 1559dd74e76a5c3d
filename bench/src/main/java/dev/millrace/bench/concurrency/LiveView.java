package dev.millrace.bench.concurrency;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A line a second of how a run proceeds, for people. */
final class LiveView {
    private final Fleet fleet;
    private final PrintWriter out;
    private final long begunNanos = System.nanoTime();
    private long lastNanos = begunNanos;
    private long lastBatches;

    LiveView(Fleet fleet, PrintWriter out) {
        this.fleet = fleet;
        this.out = out;
    }

    void show(String phase) {
        Tally written = fleet.tally(Role.PRODUCER).plus(fleet.tally(Role.DIRECT_WRITER));
        Tally ingested = fleet.tally(Role.INGESTER);
        Tally read = fleet.tally(Role.READER);
        long now = System.nanoTime();
        double batchesASecond = (written.done() - lastBatches) * 1e9 / Math.max(1, now - lastNanos);
        long inLake = Math.max(
                ingested.rows(),
                fleet.tallies(Role.READER).stream().mapToLong(Tally::rows).max().orElse(0));
        out.printf(
                Locale.ROOT,
                "%5d s  %-9s %3d processes %,8.0f batches/s %,12d rows written %,12d in the lake %,10d behind %,5d failures%n",
                Duration.ofNanos(now - begunNanos).toSeconds(),
                phase,
                fleet.alive(),
                batchesASecond,
                written.rows(),
                inLake,
                Math.max(0, written.rows() - inLake),
                written.failed()
                        + ingested.failed()
                        + fleet.tally(Role.COMPACTOR).failed()
                        + fleet.tally(Role.ANALYST).failed()
                        + fleet.tally(Role.LONG_READER).failed()
                        + read.failed());
        out.flush();
        lastNanos = now;
        lastBatches = written.done();
    }
}
