package dev.millrace.schemas;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Which lake type a value of an Avro schema becomes, by way of the Parquet file that the staging writer makes of it.
 *
 * <p>An unknown logical type is ignored, as the Avro specification asks. What cannot be mapped is refused with the path
 * of the field: a union of several types besides null, a record that contains itself, a bare null, a big-decimal.
 */
public final class AvroTypeMapping {
    private AvroTypeMapping() {}

    /** The columns of a record schema, in its order. */
    public static List<Column> columns(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new InvalidContractException(
                    "the schema of a dataset must be an Avro record, not " + name(schema.getType()));
        }
        return fields(schema, "", new HashSet<>());
    }

    private static List<Column> fields(Schema record, String path, Set<String> enclosing) {
        if (!enclosing.add(record.getFullName())) {
            throw cannotMap(path, "the record '" + record.getFullName() + "' contains itself");
        }
        if (record.getFields().isEmpty()) {
            throw cannotMap(path, "the record '" + record.getFullName() + "' has no fields");
        }
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Schema.Field field : record.getFields()) {
            String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
            if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
                throw cannotMap(fieldPath, "another field has the same name but for upper and lower case");
            }
            columns.add(
                    new Column(field.name(), type(field.schema(), fieldPath, enclosing), !isNullable(field.schema())));
        }
        enclosing.remove(record.getFullName());
        return List.copyOf(columns);
    }

    private static boolean isNullable(Schema schema) {
        return schema.isUnion() && schema.getTypes().stream().anyMatch(branch -> branch.getType() == Schema.Type.NULL);
    }

    private static LakeType type(Schema schema, String path, Set<String> enclosing) {
        return switch (schema.getType()) {
            case UNION -> union(schema, path, enclosing);
            case BOOLEAN -> LakeType.Scalar.BOOLEAN;
            case INT -> integer(schema.getLogicalType());
            case LONG -> longInteger(schema.getLogicalType());
            case FLOAT -> LakeType.Scalar.FLOAT;
            case DOUBLE -> LakeType.Scalar.DOUBLE;
            case STRING -> isUuid(schema) ? LakeType.Scalar.UUID : LakeType.Scalar.VARCHAR;
            case ENUM -> LakeType.Scalar.VARCHAR;
            case BYTES, FIXED -> binary(schema, path);
            case ARRAY -> new LakeType.ListType(type(schema.getElementType(), path + "[]", enclosing));
            case MAP -> new LakeType.MapType(type(schema.getValueType(), path + "{}", enclosing));
            case RECORD -> new LakeType.StructType(fields(schema, path, enclosing));
            case NULL -> throw cannotMap(path, "its type is null alone; make it a union of null and another type");
        };
    }

    private static LakeType union(Schema schema, String path, Set<String> enclosing) {
        List<Schema> branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (branches.size() != 1) {
            throw cannotMap(
                    path,
                    "it is a union of "
                            + branches.stream().map(b -> name(b.getType())).toList()
                            + "; a column has one type, so use null and one other type, or a record with a field for each");
        }
        return type(branches.get(0), path, enclosing);
    }

    private static LakeType integer(LogicalType logical) {
        if (logical instanceof LogicalTypes.Date) {
            return LakeType.Scalar.DATE;
        }
        return logical instanceof LogicalTypes.TimeMillis ? LakeType.Scalar.TIME : LakeType.Scalar.INTEGER;
    }

    private static LakeType longInteger(LogicalType logical) {
        if (logical instanceof LogicalTypes.TimeMicros) {
            return LakeType.Scalar.TIME;
        }
        if (logical instanceof LogicalTypes.TimestampMillis
                || logical instanceof LogicalTypes.TimestampMicros
                || logical instanceof LogicalTypes.TimestampNanos) {
            return LakeType.Scalar.TIMESTAMP_TZ;
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis
                || logical instanceof LogicalTypes.LocalTimestampMicros) {
            return LakeType.Scalar.TIMESTAMP;
        }
        return logical instanceof LogicalTypes.LocalTimestampNanos
                ? LakeType.Scalar.TIMESTAMP_NS
                : LakeType.Scalar.BIGINT;
    }

    private static LakeType binary(Schema schema, String path) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            try {
                return new LakeType.DecimalType(decimal.getPrecision(), decimal.getScale());
            } catch (InvalidContractException e) {
                throw cannotMap(path, e.getMessage());
            }
        }
        if (logical instanceof LogicalTypes.BigDecimal) {
            throw cannotMap(path, "a big-decimal has no fixed scale; use decimal with a precision and a scale");
        }
        return isUuid(schema) ? LakeType.Scalar.UUID : LakeType.Scalar.BLOB;
    }

    private static boolean isUuid(Schema schema) {
        return schema.getLogicalType() != null
                && schema.getLogicalType().getName().equals(LogicalTypes.uuid().getName());
    }

    private static String name(Schema.Type type) {
        return type.getName();
    }

    private static InvalidContractException cannotMap(String path, String why) {
        return new InvalidContractException(
                "the schema's field '" + (path.isEmpty() ? "(root)" : path) + "' cannot become a column: " + why);
    }
}
