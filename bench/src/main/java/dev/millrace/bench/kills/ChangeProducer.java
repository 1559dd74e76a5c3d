package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.AcknowledgedLog;
import dev.millrace.bench.oracle.EventChanges;
import dev.millrace.bench.oracle.EventRows;
import dev.millrace.bench.oracle.Oracle;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.StagingKey;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;

/**
 * A producer of four staged files of changes, not in the order of their versions: of the second one some are older than those of the
 * first, the third changes and deletes every item, and what the fourth brings is older. One at a time works on a site.
 */
final class ChangeProducer {
    private static final List<Part> PARTS =
            List.of(new Part(40, 20), new Part(0, 60), new Part(1_000, 700), new Part(60, 20));

    /** More than those of one producer: a later one's are larger. */
    private static final long NUMBERS = 10_000;

    private record Part(long first, int rows) {}

    private final AcknowledgedLog begun;
    private final AcknowledgedLog log;
    private final ProducerId producer;
    private final StagingWriter<GenericRecord> writer;
    private final long numbers;
    private Part current = PARTS.get(0);

    private ChangeProducer(Site site, AcknowledgedLog begun, AcknowledgedLog log, String name, long numbers) {
        this.begun = begun;
        this.log = log;
        this.producer = new ProducerId(name);
        this.numbers = numbers;
        this.writer = StagingWriter.open(
                site.staging(),
                EventChanges.contract(),
                producer,
                StagingWriterOptions.defaults().withBatchIds(this::begin));
    }

    static void stage(Site site, String name) {
        Path folder = site.logs().resolve(Oracle.BEGUN);
        try (AcknowledgedLog begun = AcknowledgedLog.open(folder, name);
                AcknowledgedLog log = AcknowledgedLog.open(site.logs(), name)) {
            new ChangeProducer(site, begun, log, name, files(folder) * NUMBERS).stage();
        }
    }

    private static long files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException("the logs in " + folder + " cannot be counted", e);
        }
    }

    private void stage() {
        try (writer) {
            for (Part part : PARTS) {
                current = part;
                for (int row = 0; row < part.rows(); row++) {
                    writer.write(EventChanges.row(producer.value(), first() + row));
                }
                writer.roll();
                log.acknowledge(writer.staged().get(writer.staged().size() - 1).key(), first(), last());
            }
        }
    }

    /** Whether a file gets to the staging area before its producer is killed or not, it is known what is in it. */
    private BatchId begin() {
        BatchId id = BatchId.next();
        begun.acknowledge(new StagingKey(EventRows.DATASET, producer, id), first(), last());
        return id;
    }

    private long first() {
        return numbers + current.first();
    }

    private long last() {
        return first() + current.rows() - 1;
    }
}
