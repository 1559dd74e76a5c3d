package dev.millrace.bench.oracle;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** The dataset whose rows say who made them: producer and sequence number are a row's identity. */
public final class EventRows {
    /** Its name in staging area and lake. */
    public static final DatasetName DATASET = DatasetName.parse("events");

    private static final Schema SCHEMA = SchemaBuilder.record("Event")
            .fields()
            .requiredString("producer")
            .requiredLong("sequence")
            .name("event_date")
            .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .requiredString("note")
            .endRecord();

    private EventRows() {}

    /** Partitioned by the date, sorted by producer and sequence. */
    public static Contract contract() {
        return new Contract(
                DATASET,
                SCHEMA,
                List.of("event_date"),
                List.of("producer", "sequence"),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    /** A row; its note follows from producer and sequence, hardly compresses, and is checked by the {@link Oracle}. */
    public static GenericRecord row(String producer, long sequence, LocalDate date) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put("producer", producer);
        row.put("sequence", sequence);
        row.put("event_date", (int) date.toEpochDay());
        row.put("note", note(producer, sequence));
        return row;
    }

    static String note(String producer, long sequence) {
        try {
            byte[] identity = (producer + ":" + sequence).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(identity));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
