package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Writes Parquet files as parquet-java lets other programs write them, by no code of the pipeline. */
final class ForeignFile {
    private ForeignFile() {}

    /** Writes rows: of each its fields by name, of a repeated field the list of its values, of a group the map of its fields. */
    static void write(
            Path file,
            MessageType schema,
            List<Map<String, Object>> rows,
            UnaryOperator<ExampleParquetWriter.Builder> properties)
            throws IOException {
        ExampleParquetWriter.Builder builder = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
        try (ParquetWriter<Group> writer = properties.apply(builder).build()) {
            for (Map<String, Object> row : rows) {
                Group group = new SimpleGroup(schema);
                fill(group, schema, row);
                writer.write(group);
            }
        }
    }

    private static void fill(Group group, GroupType type, Map<?, ?> fields) {
        for (Type field : type.getFields()) {
            Object value = fields.get(field.getName());
            if (value instanceof List<?> values && field.isRepetition(Type.Repetition.REPEATED)) {
                values.forEach(each -> add(group, field, each));
            } else if (value != null) {
                add(group, field, value);
            }
        }
    }

    private static void add(Group group, Type field, Object value) {
        String name = field.getName();
        if (!field.isPrimitive()) {
            fill(group.addGroup(name), field.asGroupType(), (Map<?, ?>) value);
            return;
        }
        switch (field.asPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> group.add(name, (boolean) value);
            case INT32 -> group.add(name, ((Number) value).intValue());
            case INT64 -> group.add(name, ((Number) value).longValue());
            case FLOAT -> group.add(name, (float) value);
            case DOUBLE -> group.add(name, (double) value);
            case INT96, BINARY, FIXED_LEN_BYTE_ARRAY ->
                group.add(
                        name,
                        value instanceof byte[] bytes
                                ? Binary.fromConstantByteArray(bytes)
                                : Binary.fromString((String) value));
        }
    }
}
