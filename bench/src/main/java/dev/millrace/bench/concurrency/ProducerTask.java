package dev.millrace.bench.concurrency;

import dev.millrace.bench.oracle.AcknowledgedLog;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.StorageException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.apache.avro.generic.GenericRecord;

/** Stages batch after batch, a file every so often, and writes down which rows it was told are staged. */
final class ProducerTask implements Task {
    /** A writer remembers all of its files, so a new one is opened from time to time. */
    private static final int FILES_A_WRITER = 1_000;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    private final Order order;
    private final Pace pace;
    private final Site site;
    private final Account account;
    private final Signals signals;
    private final Iterator<LocalDate> days;
    private final ProducerId producer;
    private final AcknowledgedLog log;
    private final Deque<Long> batchesBegunAtNanos = new ArrayDeque<>();
    private BatchId lastBatchId;
    private long sequence;
    private long acknowledged;
    private long retriesCounted;

    ProducerTask(Order order, Site site, Account account, Signals signals, Clock clock) {
        this.order = order;
        this.pace = order.pace();
        this.site = site;
        this.account = account;
        this.signals = signals;
        this.days = Producing.days(order, clock);
        // Rows that were in flight when an earlier life was killed may be staged or not: they are never made again.
        this.producer = new ProducerId("p" + order.number() + "-" + order.life());
        this.log = AcknowledgedLog.open(Path.of(order.acknowledgements()), producer.value());
        warmUp(clock);
    }

    /** What a program does once in its life, loading classes and connecting, is no part of a batch. Stages nothing. */
    private void warmUp(Clock clock) {
        site.staging().tryPut(new StagingKey(EventRows.DATASET, producer, BatchId.next()).toString());
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(site.staging(), EventRows.contract(), producer, StagingWriterOptions.defaults());
        writer.write(EventRows.row(producer.value(), 0, LocalDate.now(clock)));
        writer.discard();
    }

    @Override
    public void run() throws InterruptedException {
        while (!signals.isStopped() && days.hasNext()) {
            try (StagingWriter<GenericRecord> writer = open()) {
                for (int files = 0; files < FILES_A_WRITER && !signals.isStopped() && days.hasNext(); files++) {
                    long begun = System.nanoTime();
                    stageFile(writer);
                    signals.awaitStop(Duration.ofMillis(pace.everyMillis()).minusNanos(System.nanoTime() - begun));
                }
            }
        }
    }

    private StagingWriter<GenericRecord> open() {
        RollPolicy roll =
                new RollPolicy((long) pace.batchRows() * pace.batchesPerFile(), Long.MAX_VALUE, Duration.ofDays(1));
        return StagingWriter.open(
                site.staging(),
                EventRows.contract(),
                producer,
                StagingWriterOptions.defaults().withRoll(roll).withBatchIds(this::nextBatchId));
    }

    private BatchId nextBatchId() {
        lastBatchId = BatchId.next();
        return lastBatchId;
    }

    private void stageFile(StagingWriter<GenericRecord> writer) throws InterruptedException {
        try {
            for (int batch = 0; batch < pace.batchesPerFile() && !signals.isStopped() && days.hasNext(); batch++) {
                writeBatch(writer);
            }
            // The last file before the end may hold fewer batches than fit.
            writer.roll();
        } catch (StorageException e) {
            account.failed(e);
            publishAgain(writer);
        }
        acknowledge();
    }

    private void writeBatch(StagingWriter<GenericRecord> writer) {
        account.begun();
        batchesBegunAtNanos.add(System.nanoTime());
        LocalDate day = days.next();
        long end = sequence + pace.batchRows();
        while (sequence < end) {
            GenericRecord row = EventRows.row(producer.value(), sequence, day);
            // The writer has taken the row also when publishing its file fails.
            sequence++;
            writer.write(row);
        }
    }

    /** The rows are in a finished file: only its publication is repeated, for as long as it takes. */
    private void publishAgain(StagingWriter<GenericRecord> writer) throws InterruptedException {
        while (true) {
            signals.awaitStop(PAUSE_AFTER_FAILURE);
            account.retried(1);
            try {
                writer.roll();
                return;
            } catch (StorageException e) {
                account.failed(e);
            }
        }
    }

    private void acknowledge() {
        if (sequence == acknowledged) {
            return;
        }
        log.acknowledge(new StagingKey(EventRows.DATASET, producer, lastBatchId), acknowledged, sequence - 1);
        account.addRows(sequence - acknowledged);
        acknowledged = sequence;
        long now = System.nanoTime();
        for (long begun : batchesBegunAtNanos) {
            account.done(Duration.ofNanos(now - begun));
        }
        batchesBegunAtNanos.clear();
        long retries = S3Attempts.repeated();
        account.retried(retries - retriesCounted);
        retriesCounted = retries;
    }

    @Override
    public void close() {
        log.close();
    }

    @Override
    public String toString() {
        return order.role().word() + " " + producer;
    }
}
