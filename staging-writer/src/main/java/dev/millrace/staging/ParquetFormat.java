package dev.millrace.staging;

import dev.millrace.schemas.FileChecksum;
import dev.millrace.schemas.FooterKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/** How staged files are encoded, shared by all files of a writer. Not thread-safe; {@link #close()} frees native memory. */
final class ParquetFormat implements AutoCloseable {
    private static final ParquetConfiguration CONFIGURATION = new PlainParquetConfiguration(
            Map.of(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, "false", AvroWriteSupport.WRITE_PARQUET_UUID, "true"));

    private final Schema schema;
    private final MessageType parquetSchema;
    private final GenericData model;
    private final ZstdCodec codec = new ZstdCodec();

    ParquetFormat(Schema schema, GenericData model) {
        this.schema = schema;
        this.model = model;
        this.parquetSchema = ParquetSchema.of(schema, CONFIGURATION);
    }

    /** Opens a new file; its metadata are asked for when it is closed. */
    ParquetWriter<Object> open(Path file, Supplier<Map<String, String>> metadata) throws IOException {
        ChecksummedFile output = new ChecksummedFile(file);
        Supplier<Map<String, String>> last = () -> {
            output.holdTail();
            Map<String, String> all = new LinkedHashMap<>(metadata.get());
            all.put(FooterKeys.CHECKSUM, FileChecksum.PLACEHOLDER);
            return all;
        };
        return new Builder(output, new FooterWriteSupport(parquetSchema, schema, model, last))
                .withConf(CONFIGURATION)
                .withCodecFactory(codec)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build();
    }

    @Override
    public void close() {
        codec.close();
    }

    private static final class Builder extends ParquetWriter.Builder<Object, Builder> {
        private final FooterWriteSupport support;

        Builder(OutputFile file, FooterWriteSupport support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @Deprecated
        protected WriteSupport<Object> getWriteSupport(Configuration configuration) {
            return support;
        }

        @Override
        protected WriteSupport<Object> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }
    }
}
