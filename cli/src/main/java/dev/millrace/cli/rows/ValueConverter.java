package dev.millrace.cli.rows;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Turns text or JSON into a value as Avro's generic records hold it; {@link UnfitValueException} when it does not fit. */
interface ValueConverter {
    Object ofText(String text);

    Object ofJson(JsonNode node);

    /** What fits, for messages. */
    String expected();

    default boolean isNullable() {
        return false;
    }

    default Object ofNull() {
        throw UnfitValueException.of("the value is NULL, but the contract requires " + expected());
    }

    /** The value of a field that the source does not have. */
    default Object ofMissing(Schema.Field field) {
        if (field.hasDefaultValue()) {
            return GenericData.get().getDefaultValue(field);
        }
        if (isNullable()) {
            return null;
        }
        throw UnfitValueException.of("is missing, but the contract requires " + expected());
    }

    /** The converter for a schema that maps to a lake type. */
    static ValueConverter of(Schema schema, boolean ignoreExtra) {
        return switch (schema.getType()) {
            case UNION -> {
                ValueConverter inner = of(
                        schema.getTypes().stream()
                                .filter(branch -> branch.getType() != Schema.Type.NULL)
                                .findFirst()
                                .orElseThrow(),
                        ignoreExtra);
                yield schema.isNullable() ? new NestedConverters.Nullable(inner) : inner;
            }
            case ARRAY -> new NestedConverters.ArrayOf(schema, of(schema.getElementType(), ignoreExtra));
            case MAP -> new NestedConverters.MapOf(of(schema.getValueType(), ignoreExtra));
            case RECORD -> new NestedConverters.RecordOf(schema, ignoreExtra);
            case INT, LONG ->
                schema.getLogicalType() == null
                        ? ScalarConverter.integer(schema)
                        : TemporalConverters.of(schema.getLogicalType())
                                .orElseGet(() -> ScalarConverter.integer(schema));
            default -> ScalarConverter.of(schema);
        };
    }
}
