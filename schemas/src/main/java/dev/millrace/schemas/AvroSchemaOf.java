package dev.millrace.schemas;

import java.util.List;
import java.util.Locale;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Makes the Avro schema whose columns {@link AvroTypeMapping} reads back as they were. Elements of lists, values of maps and
 * fields of nested records may be null in it, since no engine says that they are not.
 */
public final class AvroSchemaOf {
    private AvroSchemaOf() {}

    /**
     * The record schema, named after the dataset's table.
     *
     * @throws InvalidContractException when a column has a name that Avro does not allow
     */
    public static Schema columns(DatasetName dataset, List<Column> columns) {
        return record(dataset.table(), "", columns);
    }

    private static Schema record(String name, String path, List<Column> columns) {
        return Schema.createRecord(
                name,
                null,
                null,
                false,
                columns.stream()
                        .map(column -> field(name, path.isEmpty() ? column.name() : path + "." + column.name(), column))
                        .toList());
    }

    private static Schema.Field field(String record, String path, Column column) {
        Schema type = type(record + "_" + column.name().toLowerCase(Locale.ROOT), path, column.type());
        try {
            return column.required()
                    ? new Schema.Field(column.name(), type)
                    : new Schema.Field(column.name(), nullable(type), null, Schema.Field.NULL_DEFAULT_VALUE);
        } catch (AvroRuntimeException e) {
            throw new InvalidContractException(
                    "the column '" + path + "' cannot be a field of an Avro schema: " + e.getMessage()
                            + "; give it a name of letters, digits and _ that does not begin with a digit",
                    e);
        }
    }

    private static Schema nullable(Schema type) {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), type);
    }

    private static Schema type(String name, String path, LakeType type) {
        if (type instanceof LakeType.ListType list) {
            return Schema.createArray(nullable(type(name, path + "[]", list.element())));
        }
        if (type instanceof LakeType.MapType map) {
            return Schema.createMap(nullable(type(name, path + "{}", map.value())));
        }
        if (type instanceof LakeType.StructType struct) {
            return record(name, path, struct.fields());
        }
        if (type instanceof LakeType.DecimalType decimal) {
            return logical(LogicalTypes.decimal(decimal.precision(), decimal.scale()), Schema.Type.BYTES);
        }
        return scalar((LakeType.Scalar) type);
    }

    private static Schema scalar(LakeType.Scalar type) {
        return switch (type) {
            case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
            case INTEGER -> Schema.create(Schema.Type.INT);
            case BIGINT -> Schema.create(Schema.Type.LONG);
            case FLOAT -> Schema.create(Schema.Type.FLOAT);
            case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
            case VARCHAR -> Schema.create(Schema.Type.STRING);
            case BLOB -> Schema.create(Schema.Type.BYTES);
            case UUID -> logical(LogicalTypes.uuid(), Schema.Type.STRING);
            case DATE -> logical(LogicalTypes.date(), Schema.Type.INT);
            case TIME -> logical(LogicalTypes.timeMicros(), Schema.Type.LONG);
            case TIMESTAMP -> logical(LogicalTypes.localTimestampMicros(), Schema.Type.LONG);
            case TIMESTAMP_NS -> logical(LogicalTypes.localTimestampNanos(), Schema.Type.LONG);
            case TIMESTAMP_TZ -> logical(LogicalTypes.timestampMicros(), Schema.Type.LONG);
        };
    }

    private static Schema logical(LogicalType logical, Schema.Type type) {
        return logical.addToSchema(Schema.create(type));
    }
}
