package dev.millrace.cli.demo;

import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.Publication;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;

/**
 * Stages the rows of one producer, a file a day, as fast as it can. A day always gets the same key and the same content,
 * so that a demo that was interrupted can begin anew and stages nothing twice.
 */
final class DemoProducer implements Callable<Void> {
    private static final Duration NEVER_BY_AGE = Duration.ofDays(36_500);

    private final DemoSource source;
    private final DemoSource.Producer producer;
    private final Contract contract;
    private final ObjectStore staging;
    private final DemoCounts counts;
    private final Clock clock;

    DemoProducer(
            DemoSource source,
            DemoSource.Producer producer,
            Contract contract,
            ObjectStore staging,
            DemoCounts counts,
            Clock clock) {
        this.source = source;
        this.producer = producer;
        this.contract = contract;
        this.staging = staging;
        this.counts = counts;
        this.clock = clock;
    }

    @Override
    public Void call() {
        RollPolicy byDay = new RollPolicy(Long.MAX_VALUE, Long.MAX_VALUE, NEVER_BY_AGE);
        Iterator<String> days = producer.days().keySet().iterator();
        StagingWriterOptions options = StagingWriterOptions.defaults()
                .withRoll(byDay)
                .withPublication(Publication.ON_ROLL)
                .withBatchIds(() -> batchId(days.next()))
                .withClock(clock);
        try (StagingWriter<GenericRecord> writer =
                StagingWriter.open(staging, contract, new ProducerId(producer.name()), options)) {
            for (List<GenericRecord> rows : producer.days().values()) {
                rows.forEach(writer::write);
                writer.roll();
                counts.staged(
                        rows.size(),
                        rows.stream()
                                .mapToLong(row -> ((Number) row.get(source.sumColumn())).longValue())
                                .sum());
            }
        }
        return null;
    }

    /** A UUID of version 8 (RFC 9562, free for such use) that tells the day and sorts by it. */
    private static BatchId batchId(String day) {
        long number = Long.parseLong(day);
        return new BatchId(new UUID(number << 16 | 0x8000L, 0x8000_0000_0000_0000L).toString());
    }
}
