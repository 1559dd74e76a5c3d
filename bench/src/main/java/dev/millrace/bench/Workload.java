package dev.millrace.bench;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.WriteMode;
import dev.millrace.staging.RollPolicy;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Staged files of sensor readings, each of one day. The ids go from 0 on, so that the lake's content can be checked.
 *
 * @param partitioned whether the dataset is partitioned by the day
 */
record Workload(int files, int rowsPerFile, int days, boolean partitioned) {
    private static final int FIRST_DAY = 20_000;
    private static final long MICROS_A_DAY = 86_400_000_000L;
    private static final int SENSORS = 500;
    private static final int PRODUCERS = 4;
    private static final Schema SCHEMA = SchemaBuilder.record("Reading")
            .fields()
            .requiredLong("id")
            .name("day")
            .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .name("read_at")
            .type(LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .requiredString("sensor")
            .requiredDouble("reading")
            .endRecord();

    Workload {
        if (files < 1 || rowsPerFile < 1 || days < 1) {
            throw new IllegalArgumentException("at least one file, row and day are needed, not " + files + " files of "
                    + rowsPerFile + " rows of " + days + " days");
        }
    }

    long rows() {
        return (long) files * rowsPerFile;
    }

    /** The sum of all ids. */
    long idSum() {
        return rows() * (rows() - 1) / 2;
    }

    Contract contract(DatasetName dataset) {
        return new Contract(
                dataset,
                SCHEMA,
                partitioned ? List.of("day") : List.of(),
                List.of("read_at", "sensor"),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    /** Stages the files, by some producers at once. */
    void stage(ObjectStore staging, DatasetName dataset) {
        Contract contract = contract(dataset);
        IntStream.range(0, PRODUCERS).parallel().forEach(producer -> {
            RollPolicy oneFile = new RollPolicy(rowsPerFile, Long.MAX_VALUE, Duration.ofDays(1));
            try (StagingWriter<GenericRecord> writer = StagingWriter.open(
                    staging,
                    contract,
                    new ProducerId("p" + producer),
                    StagingWriterOptions.defaults().withRoll(oneFile))) {
                for (int file = producer; file < files; file += PRODUCERS) {
                    for (int row = 0; row < rowsPerFile; row++) {
                        writer.write(reading(file, row));
                    }
                }
            }
        });
    }

    private GenericRecord reading(int file, int row) {
        long id = (long) file * rowsPerFile + row;
        int day = FIRST_DAY + file % days;
        GenericRecord reading = new GenericData.Record(SCHEMA);
        reading.put("id", id);
        reading.put("day", day);
        reading.put("read_at", day * MICROS_A_DAY + Math.floorMod(id * 7_919L * 1_000_003L, MICROS_A_DAY));
        reading.put("sensor", "sensor-" + Math.floorMod(id * 31L, SENSORS));
        reading.put("reading", Math.sin((double) id) * 100);
        return reading;
    }
}
