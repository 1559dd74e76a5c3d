package dev.millrace.staging;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.FooterKeys;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

/** The first and last event time of the rows of one file; none when the contract has no such column. Not thread-safe. */
final class EventTimes {
    private final Schema.Field field;
    private final Schema schema;
    private final LakeTime time;
    private final RawValues raw;
    private long first;
    private long last;
    private boolean any;

    EventTimes(Contract contract, GenericData model) {
        field = contract.eventTimeColumn()
                .map(column -> contract.schema().getField(column.name()))
                .orElse(null);
        schema = field == null ? null : Schemas.nonNull(field.schema());
        time = field == null ? null : LakeTime.of(schema);
        raw = new RawValues(model);
    }

    void add(IndexedRecord row) {
        Object value = field == null ? null : row.get(field.pos());
        if (value == null) {
            return;
        }
        long number = raw.integer(value, schema, field.name());
        first = any ? Math.min(first, number) : number;
        last = any ? Math.max(last, number) : number;
        any = true;
    }

    /** Writes what there is into a file's metadata; further rows start anew. */
    void takeInto(Map<String, String> metadata) {
        if (any) {
            metadata.put(FooterKeys.FIRST_EVENT_TIME, time.iso(first));
            metadata.put(FooterKeys.LAST_EVENT_TIME, time.iso(last));
        }
        any = false;
    }
}
