package dev.millrace.staging;

import java.util.List;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Questions about Avro schemas that are columns of a dataset. */
final class Schemas {
    private Schemas() {}

    /** The one branch of a union that is not null, or the schema itself. */
    static Schema nonNull(Schema schema) {
        return schema.isUnion()
                ? schema.getTypes().stream()
                        .filter(branch -> branch.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElse(schema)
                : schema;
    }

    static boolean isUuid(Schema schema) {
        return schema.getLogicalType() != null
                && schema.getLogicalType().getName().equals(LogicalTypes.uuid().getName());
    }

    /**
     * Whether values of one schema can be written as values of the other: the same fields in the same order with the same
     * types. Names of records, docs, defaults and properties such as {@code avro.java.string} don't matter.
     */
    @SuppressWarnings("ReferenceEquality") // The rows of a file nearly always share one schema: equal at a glance.
    static boolean sameShape(Schema one, Schema other) {
        if (one == other) {
            return true;
        }
        if (one.getType() != other.getType() || !Objects.equals(one.getLogicalType(), other.getLogicalType())) {
            return false;
        }
        return switch (one.getType()) {
            case RECORD -> sameFields(one.getFields(), other.getFields());
            case ARRAY -> sameShape(one.getElementType(), other.getElementType());
            case MAP -> sameShape(one.getValueType(), other.getValueType());
            case UNION -> one.isNullable() == other.isNullable() && sameShape(nonNull(one), nonNull(other));
            case FIXED -> one.getFixedSize() == other.getFixedSize();
            case ENUM -> one.getEnumSymbols().equals(other.getEnumSymbols());
            default -> true;
        };
    }

    private static boolean sameFields(List<Schema.Field> some, List<Schema.Field> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < some.size(); i++) {
            if (!some.get(i).name().equals(others.get(i).name())
                    || !sameShape(some.get(i).schema(), others.get(i).schema())) {
                return false;
            }
        }
        return true;
    }
}
