package dev.millrace.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.KeyConflictException;
import dev.millrace.storage.ObjectStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a producer's own registry tells what was staged, what could not be, and which writers have ended early. */
class StagingMetricsTest {
    @TempDir
    Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private StagingWriter<GenericRecord> writer(ObjectStore staging) {
        return StagingWriter.open(
                staging,
                Readings.CONTRACT,
                Readings.PRODUCER,
                StagingWriterOptions.defaults()
                        .withBatchIds(Readings.sameIds())
                        .withListener(new StagingMetrics(registry)));
    }

    private double counted(String name) {
        return registry.get(name).tag("dataset", "readings").counter().count();
    }

    private long published(String outcome) {
        return registry.get("millrace.producer.publish")
                .tags("dataset", "readings", "outcome", outcome)
                .timer()
                .count();
    }

    @Test
    void rowsBytesAndTriesOfWhatIsPublished() {
        ObjectStore staging = DirectoryStore.create(folder.resolve("staging"));
        StagingWriter<GenericRecord> writer = writer(staging);
        for (int i = 0; i < 25; i++) {
            writer.write(Readings.row(i));
        }
        writer.close();
        StagingWriter<GenericRecord> other = writer(staging);
        other.write(Readings.row(99));
        assertThatThrownBy(other::close).isInstanceOf(KeyConflictException.class);
        other.discard();

        assertThat(published("succeeded")).isEqualTo(1);
        assertThat(published("failed")).isEqualTo(1);
        assertThat(counted("millrace.producer.rows")).isEqualTo(25.0);
        assertThat(counted("millrace.producer.bytes"))
                .isEqualTo((double) writer.staged().get(0).sizeBytes());
    }

    @Test
    void aRowThatDoesNotFit() {
        StagingWriter<GenericRecord> writer = writer(DirectoryStore.create(folder.resolve("staging")));
        assertThatThrownBy(() -> writer.write(new GenericData.Record(Readings.CONTRACT.schema())))
                .isInstanceOf(StagingException.class);
        writer.discard();

        assertThat(counted("millrace.producer.broken.writers")).isEqualTo(1.0);
    }
}
