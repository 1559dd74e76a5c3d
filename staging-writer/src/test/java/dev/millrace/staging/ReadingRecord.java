package dev.millrace.staging;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** A specific record as Avro's compiler would make it, with one field of java.time. */
public final class ReadingRecord extends SpecificRecordBase {
    private static final long serialVersionUID = 1L;

    public static final Schema SCHEMA$ = AllTypes.schema("reading.avsc");

    private CharSequence sensor;
    private transient java.time.Instant at;
    private Double celsius;

    public ReadingRecord() {}

    public ReadingRecord(CharSequence sensor, java.time.Instant at, Double celsius) {
        this.sensor = sensor;
        this.at = at;
        this.celsius = celsius;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        return switch (field) {
            case 0 -> sensor;
            case 1 -> at;
            case 2 -> celsius;
            default -> throw new IndexOutOfBoundsException(field);
        };
    }

    @Override
    public void put(int field, Object value) {
        switch (field) {
            case 0 -> sensor = (CharSequence) value;
            case 1 -> at = (java.time.Instant) value;
            case 2 -> celsius = (Double) value;
            default -> throw new IndexOutOfBoundsException(field);
        }
    }
}
