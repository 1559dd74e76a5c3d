package dev.millrace.staging;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.schema.MessageType;

/** Writes Avro records, and at the end of the file the metadata that is known only then. */
final class FooterWriteSupport extends AvroWriteSupport<Object> {
    private final Supplier<Map<String, String>> metadata;

    FooterWriteSupport(
            MessageType parquetSchema, Schema schema, GenericData model, Supplier<Map<String, String>> metadata) {
        super(parquetSchema, schema, model);
        this.metadata = metadata;
    }

    @Override
    public WriteSupport.FinalizedWriteContext finalizeWrite() {
        return new WriteSupport.FinalizedWriteContext(metadata.get());
    }
}
