package dev.millrace.cli.demo;

import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.Publication;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;

/**
 * Stages the flights of one carrier, a file a day. A day always gets the same key and the same content, so that a demo that
 * was interrupted can begin anew and stages nothing twice.
 */
final class DemoProducer implements Callable<Void> {
    private static final Duration NEVER_BY_AGE = Duration.ofDays(36_500);

    private final FlightsSource.Carrier carrier;
    private final Contract contract;
    private final ObjectStore staging;
    private final DemoCounts counts;
    private final DemoPace pace;

    DemoProducer(
            FlightsSource.Carrier carrier, Contract contract, ObjectStore staging, DemoCounts counts, DemoPace pace) {
        this.carrier = carrier;
        this.contract = contract;
        this.staging = staging;
        this.counts = counts;
        this.pace = pace;
    }

    @Override
    public Void call() {
        RollPolicy byDay = new RollPolicy(Long.MAX_VALUE, Long.MAX_VALUE, NEVER_BY_AGE);
        Iterator<Integer> days = carrier.days().keySet().iterator();
        StagingWriterOptions options = StagingWriterOptions.defaults()
                .withRoll(byDay)
                .withPublication(Publication.ON_ROLL)
                .withBatchIds(() -> batchId(days.next()))
                .withClock(pace.clock());
        try (StagingWriter<GenericRecord> writer =
                StagingWriter.open(staging, contract, new ProducerId(carrier.name()), options)) {
            int day = 0;
            for (List<GenericRecord> rows : carrier.days().values()) {
                if (!pace.awaitDay(day++)) {
                    return null;
                }
                pace.cores().acquireUninterruptibly();
                try {
                    rows.forEach(writer::write);
                    writer.roll();
                } finally {
                    pace.cores().release();
                }
                counts.staged(
                        rows.size(),
                        rows.stream()
                                .mapToLong(flight -> FlightsSource.number(flight, "distance"))
                                .sum());
            }
        }
        return null;
    }

    /** A UUID of version 8 (RFC 9562, free for such use) that tells the day and sorts by it. */
    private static BatchId batchId(int day) {
        return new BatchId(new UUID((long) day << 16 | 0x8000L, 0x8000_0000_0000_0000L).toString());
    }
}
