package dev.millrace.bench.oracle;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * The dataset {@link EventRows#DATASET} in the mode {@code upsert}: each row is a change of one of a few items. Its sequence number is its
 * version, and says which item it changes, whether it deletes it and where it stands, so that the {@link Oracle} needs no more than the numbers.
 */
public final class EventChanges {
    /** The item that a change is of, in SQL. */
    static final String ITEM = "sequence % 300";

    /** Whether a change deletes its item, in SQL. */
    static final String DELETES = "sequence % 7 = 0";

    private static final int ITEMS = 300;
    private static final int CHANGES_A_DELETE = 7;
    private static final int DAYS = 2;
    private static final LocalDate FIRST_DAY = LocalDate.parse("2026-11-20");

    private static final Schema SCHEMA = SchemaBuilder.record("Change")
            .fields()
            .requiredLong("item")
            .requiredString("producer")
            .requiredLong("sequence")
            .name("event_date")
            .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .requiredBoolean("gone")
            .requiredString("note")
            .endRecord();

    private EventChanges() {}

    /** Partitioned by the date, which an item does not keep, and sorted by the items. */
    public static Contract contract() {
        return new Contract(
                EventRows.DATASET,
                SCHEMA,
                List.of("event_date"),
                List.of("item"),
                new WriteMode.Upsert(List.of("item"), Optional.of("sequence"), Optional.of("gone")),
                EvolutionPolicy.ADD_COLUMNS);
    }

    /** A change. */
    public static GenericRecord row(String producer, long sequence) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        row.put("item", sequence % ITEMS);
        row.put("producer", producer);
        row.put("sequence", sequence);
        row.put("event_date", (int) FIRST_DAY.plusDays(sequence % DAYS).toEpochDay());
        row.put("gone", sequence % CHANGES_A_DELETE == 0);
        row.put("note", EventRows.note(producer, sequence));
        return row;
    }
}
