package dev.millrace.cli.demo;

import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.staging.Publication;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;

/**
 * Stages the flights of one carrier, a file a day. A day always has the same key and the same content, so that after an
 * interruption a demo goes on with the days that are not there yet: the keys of a producer need not let it look at them.
 */
final class DemoProducer implements Callable<Void> {
    private static final Duration NEVER_BY_AGE = Duration.ofDays(36_500);

    private final FlightsSource.Carrier carrier;
    private final Contract contract;
    private final ObjectStore staging;
    private final Set<String> stagedEarlier;
    private final DemoCounts counts;
    private final DemoPace pace;

    /** @param stagedEarlier the staging keys that an earlier demo has left */
    DemoProducer(
            FlightsSource.Carrier carrier,
            Contract contract,
            ObjectStore staging,
            Set<String> stagedEarlier,
            DemoCounts counts,
            DemoPace pace) {
        this.carrier = carrier;
        this.contract = contract;
        this.staging = staging;
        this.stagedEarlier = stagedEarlier;
        this.counts = counts;
        this.pace = pace;
    }

    @Override
    public Void call() {
        RollPolicy byDay = new RollPolicy(Long.MAX_VALUE, Long.MAX_VALUE, NEVER_BY_AGE);
        ProducerId producer = new ProducerId(carrier.name());
        Deque<BatchId> ids = new ArrayDeque<>();
        StagingWriterOptions options = StagingWriterOptions.defaults()
                .withRoll(byDay)
                .withPublication(Publication.ON_ROLL)
                .withBatchIds(ids::remove)
                .withClock(pace.clock());
        try (StagingWriter<GenericRecord> writer = StagingWriter.open(staging, contract, producer, options)) {
            int number = 0;
            for (Map.Entry<Integer, List<GenericRecord>> day : carrier.days().entrySet()) {
                if (!pace.awaitDay(number++)) {
                    return null;
                }
                StagingKey key = new StagingKey(contract.dataset(), producer, batchId(day.getKey()));
                if (!stagedEarlier.contains(key.toString())) {
                    ids.add(key.batchId());
                    stage(writer, day.getValue());
                }
                counts.staged(
                        day.getValue().size(),
                        day.getValue().stream()
                                .mapToLong(flight -> FlightsSource.number(flight, "distance"))
                                .sum());
            }
        }
        return null;
    }

    private void stage(StagingWriter<GenericRecord> writer, List<GenericRecord> flights) {
        pace.cores().acquireUninterruptibly();
        try {
            flights.forEach(writer::write);
            writer.roll();
        } finally {
            pace.cores().release();
        }
    }

    /** A UUID of version 8 (RFC 9562, free for such use) that tells the day and sorts by it. */
    private static BatchId batchId(int day) {
        return new BatchId(new UUID((long) day << 16 | 0x8000L, 0x8000_0000_0000_0000L).toString());
    }
}
