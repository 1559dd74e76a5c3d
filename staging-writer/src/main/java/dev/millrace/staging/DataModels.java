package dev.millrace.staging;

import org.apache.avro.Conversions;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Avro's models of how records hold their values. */
final class DataModels {
    /** Takes numbers as well as the types of java.time, BigDecimal and UUID. */
    private static final GenericData ALL_CONVERSIONS = allConversions();

    private DataModels() {}

    /** A specific record class with conversions of its own keeps them. */
    static GenericData of(IndexedRecord record) {
        if (record instanceof SpecificRecord) {
            SpecificData own = SpecificData.getForClass(record.getClass());
            if (!own.getConversions().isEmpty()) {
                return own;
            }
        }
        return ALL_CONVERSIONS;
    }

    private static GenericData allConversions() {
        GenericData model = new SpecificData();
        model.addLogicalTypeConversion(new Conversions.DecimalConversion());
        model.addLogicalTypeConversion(new Conversions.UUIDConversion());
        model.addLogicalTypeConversion(new TimeConversions.DateConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
        model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMillisConversion());
        model.addLogicalTypeConversion(new TimeConversions.LocalTimestampMicrosConversion());
        model.addLogicalTypeConversion(new TimeConversions.LocalTimestampNanosConversion());
        return model;
    }
}
