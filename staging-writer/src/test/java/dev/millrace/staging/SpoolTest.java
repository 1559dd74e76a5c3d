package dev.millrace.staging;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.storage.DirectoryStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a spool that can't be written is named. */
class SpoolTest {
    @TempDir
    private Path folder;

    @Test
    void aSpoolThatCannotBeWrittenIsNamed() throws IOException {
        DirectoryStore store = DirectoryStore.create(folder);
        Files.writeString(folder.resolve("readings"), "a file where the dataset's folder should be");
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(store, Readings.CONTRACT, Readings.PRODUCER, StagingWriterOptions.defaults());

        assertThatThrownBy(() -> writer.write(Readings.row(0)))
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("readings", "row 1", store.root());
    }
}
