package dev.millrace.staging;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The Parquet schema of an Avro schema: what parquet-avro makes of it, with the timestamps in nanoseconds marked as such, which
 * parquet-avro leaves as plain integers.
 */
final class ParquetSchema {
    private ParquetSchema() {}

    static MessageType of(Schema schema, ParquetConfiguration configuration) {
        MessageType converted = new AvroSchemaConverter(configuration).convert(schema);
        return new MessageType(converted.getName(), fields(converted, schema));
    }

    private static List<Type> fields(GroupType group, Schema record) {
        List<Type> fields = new ArrayList<>();
        for (int i = 0; i < group.getFieldCount(); i++) {
            fields.add(type(group.getType(i), record.getFields().get(i).schema()));
        }
        return fields;
    }

    private static Type type(Type type, Schema nullable) {
        Schema schema = Schemas.nonNull(nullable);
        return switch (schema.getType()) {
            case RECORD -> type.asGroupType().withNewFields(fields(type.asGroupType(), schema));
            case ARRAY -> withInner(type.asGroupType(), 0, schema.getElementType());
            case MAP -> withInner(type.asGroupType(), 1, schema.getValueType());
            case LONG -> timestamp(type, schema.getLogicalType());
            default -> type;
        };
    }

    /** Lists and maps hold one repeated group, whose field is the element or the value. */
    private static Type withInner(GroupType outer, int index, Schema schema) {
        GroupType repeated = outer.getType(0).asGroupType();
        List<Type> inner = new ArrayList<>(repeated.getFields());
        inner.set(index, type(inner.get(index), schema));
        return outer.withNewFields(repeated.withNewFields(inner));
    }

    private static Type timestamp(Type type, LogicalType logical) {
        boolean instant = logical instanceof LogicalTypes.TimestampNanos;
        if (!instant && !(logical instanceof LogicalTypes.LocalTimestampNanos)) {
            return type;
        }
        return Types.primitive(PrimitiveTypeName.INT64, type.getRepetition())
                .as(LogicalTypeAnnotation.timestampType(instant, TimeUnit.NANOS))
                .named(type.getName());
    }
}
