package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.AcknowledgedLog;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import java.time.LocalDate;
import org.apache.avro.generic.GenericRecord;

/**
 * A producer of four staged files: three small ones of two days, which an ingest rewrites, and a large one of a single day,
 * which it copies.
 */
final class EventProducer {
    private static final int SMALL_ROWS = 20;
    private static final int LARGE_ROWS = 700;
    private static final LocalDate FIRST_DAY = LocalDate.parse("2026-11-20");

    private final AcknowledgedLog log;
    private final StagingWriter<GenericRecord> writer;
    private final String name;
    private long sequence;

    private EventProducer(AcknowledgedLog log, StagingWriter<GenericRecord> writer, String name) {
        this.log = log;
        this.writer = writer;
        this.name = name;
    }

    /** Stages the files, and notes each when it is acknowledged. */
    static void stage(Site site, String name) {
        try (AcknowledgedLog log = AcknowledgedLog.open(site.logs(), name);
                StagingWriter<GenericRecord> writer = StagingWriter.open(
                        site.staging(), EventRows.contract(), new ProducerId(name), StagingWriterOptions.defaults())) {
            EventProducer producer = new EventProducer(log, writer, name);
            producer.file(SMALL_ROWS, 2);
            producer.file(SMALL_ROWS, 2);
            producer.file(LARGE_ROWS, 1);
            producer.file(SMALL_ROWS, 2);
        }
    }

    private void file(int rows, int days) {
        long first = sequence;
        for (int row = 0; row < rows; row++) {
            writer.write(EventRows.row(name, sequence++, FIRST_DAY.plusDays(row % days)));
        }
        writer.roll();
        log.acknowledge(writer.staged().get(writer.staged().size() - 1).key(), first, sequence - 1);
    }
}
