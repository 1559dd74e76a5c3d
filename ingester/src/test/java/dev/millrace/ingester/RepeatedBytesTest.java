package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that bytes which repeat are found by an equality filter after an ingest, and shows that the engine's merge loses that. */
@Tag("stand")
class RepeatedBytesTest {
    private static final Contract MARKS = new Contract(
            DatasetName.parse("marks"),
            SchemaBuilder.record("Mark")
                    .fields()
                    .requiredLong("id")
                    .requiredBytes("mark")
                    .endRecord(),
            List.of(),
            List.of(),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);
    private static final int ROWS = 500;
    private static final String FOUND = "SELECT count(*) FROM lake.marks WHERE mark = unhex('ff00')";

    @TempDir
    private Path folder;

    @Test
    void theyAreFoundUntilTheEngineMerges() {
        Pipeline pipeline = Pipeline.initialized(folder, MARKS);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            Ingester ingester = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE);
            for (int file = 0; file < 2; file++) {
                pipeline.stage(MARKS, "p1", rows(file * (long) ROWS));
                ingester.ingest(MARKS);
            }
            assertThat(session.queryLong(FOUND)).isEqualTo(2 * ROWS);

            AllTypesLake.merge(session, "marks");
            // Its merge writes Bloom filters and no option forbids it; an engine that finds them all makes this fail,
            // gladly.
            assertThat(session.queryLong(FOUND)).isZero();
            assertThat(session.queryLong("SELECT count(*) FROM lake.marks WHERE hex(mark) = 'FF00'"))
                    .isEqualTo(2 * ROWS);
        }
    }

    private static List<GenericRecord> rows(long first) {
        return LongStream.range(first, first + ROWS)
                .<GenericRecord>mapToObj(id -> {
                    GenericRecord row = new GenericData.Record(MARKS.schema());
                    row.put("id", id);
                    row.put("mark", ByteBuffer.wrap(new byte[] {(byte) 0xff, 0}));
                    return row;
                })
                .toList();
    }
}
