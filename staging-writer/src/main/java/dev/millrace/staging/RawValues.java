package dev.millrace.staging;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;

/** Reduces a value, as a producer may hand it over, to the plain Avro value that Parquet's writer makes of it. */
final class RawValues {
    private final GenericData model;

    RawValues(GenericData model) {
        this.model = model;
    }

    <T> T checked(Class<T> type, Object value, Schema schema, String path) {
        if (!type.isInstance(value)) {
            throw MisfitException.expected(path, expectation(schema), value);
        }
        return type.cast(value);
    }

    /** Narrower integers widen; nothing is ever cut off. */
    long integer(Object value, Schema schema, String path) {
        Object raw = unconverted(value, schema, path);
        boolean fits = raw instanceof Integer
                || raw instanceof Short
                || raw instanceof Byte
                || (raw instanceof Long && schema.getType() == Schema.Type.LONG);
        if (!fits) {
            throw MisfitException.expected(path, expectation(schema), value);
        }
        return ((Number) raw).longValue();
    }

    double floating(Object value, Schema schema, String path) {
        boolean fits = value instanceof Float
                || (schema.getType() == Schema.Type.DOUBLE && (value instanceof Double || value instanceof Integer));
        if (!fits) {
            throw MisfitException.expected(path, expectation(schema), value);
        }
        return ((Number) value).doubleValue();
    }

    ByteBuffer bytes(Object value, Schema schema, String path) {
        Object raw = unconverted(value, schema, path);
        if (schema.getType() == Schema.Type.FIXED) {
            if (raw instanceof GenericFixed fixed && fixed.bytes().length == schema.getFixedSize()) {
                return ByteBuffer.wrap(fixed.bytes());
            }
        } else if (raw instanceof ByteBuffer buffer) {
            return buffer;
        } else if (raw instanceof byte[] array) {
            return ByteBuffer.wrap(array);
        }
        throw MisfitException.expected(path, expectation(schema), value);
    }

    /** The value itself, or what the model's conversion for its class makes of it. */
    Object unconverted(Object value, Schema schema, String path) {
        LogicalType logical = schema.getLogicalType();
        if (logical == null || value instanceof Long || value instanceof Integer || value instanceof CharSequence) {
            return value;
        }
        Conversion<?> conversion = model.getConversionByClass(value.getClass(), logical);
        if (conversion == null) {
            return value;
        }
        try {
            return Conversions.convertToRawType(value, schema, logical, conversion);
        } catch (AvroRuntimeException | ArithmeticException e) {
            throw new MisfitException(path, "does not take '" + value + "': " + e.getMessage());
        }
    }

    long inRange(LongSupplier number, Object value, String path) {
        try {
            return number.getAsLong();
        } catch (ArithmeticException e) {
            throw MisfitException.expected(path, "a time that microseconds in 64 bits can hold", value);
        }
    }

    private static String expectation(Schema schema) {
        String type = schema.getType() == Schema.Type.FIXED
                ? "fixed of " + schema.getFixedSize() + " bytes"
                : schema.getType().getName();
        LogicalType logical = schema.getLogicalType();
        return logical == null ? type : type + " (" + logical.getName() + ")";
    }
}
