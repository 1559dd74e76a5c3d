package dev.millrace.cli.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Converts what is written as one text. JSON values of the right kind go by their text as well, so both fit alike. */
record ScalarConverter(String expected, Set<JsonNodeType> kinds, Function<String, Object> conversion)
        implements ValueConverter {
    private static final Set<JsonNodeType> TEXT = EnumSet.of(JsonNodeType.STRING);
    private static final Set<JsonNodeType> NUMBER = EnumSet.of(JsonNodeType.STRING, JsonNodeType.NUMBER);
    private static final int UUID_CHARACTERS = 36;
    private static final int UUID_BYTES = 16;

    static ScalarConverter ofText(String expected, Function<String, Object> conversion) {
        return new ScalarConverter(expected, TEXT, text -> conversion.apply(text.strip()));
    }

    static ScalarConverter integer(Schema schema) {
        return schema.getType() == Schema.Type.INT
                ? number("int: a whole number from -2147483648 to 2147483647", t -> Math.toIntExact(wholeNumber(t)))
                : number(
                        "long: a whole number from -9223372036854775808 to 9223372036854775807",
                        ScalarConverter::wholeNumber);
    }

    static ScalarConverter of(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN ->
                new ScalarConverter(
                        "boolean: true or false",
                        EnumSet.of(JsonNodeType.STRING, JsonNodeType.BOOLEAN),
                        ScalarConverter::trueOrFalse);
            case FLOAT -> number("float: a number up to 3.4028235E38, NaN, Infinity or -Infinity", t -> floatNumber(t));
            case DOUBLE ->
                number(
                        "double: a number up to 1.7976931348623157E308, NaN, Infinity or -Infinity",
                        t -> doubleNumber(t));
            case STRING ->
                isUuid(schema)
                        ? ofText("uuid: 8-4-4-4-12 hexadecimal digits", t -> uuid(t).toString())
                        : new ScalarConverter("string", TEXT, text -> text);
            case ENUM ->
                new ScalarConverter("enum: one of " + schema.getEnumSymbols(), TEXT, text -> symbol(schema, text));
            case BYTES, FIXED -> binary(schema);
            default -> throw new IllegalArgumentException("not a scalar: " + schema);
        };
    }

    private static ScalarConverter binary(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return number(
                    "decimal(" + decimal.getPrecision() + "," + decimal.getScale() + "): at most "
                            + (decimal.getPrecision() - decimal.getScale()) + " digits before the point and "
                            + decimal.getScale() + " behind it",
                    text -> bytes(schema, unscaled(text, decimal)));
        }
        if (isUuid(schema)) {
            return ofText(
                    "uuid: 8-4-4-4-12 hexadecimal digits",
                    text -> new GenericData.Fixed(schema, uuidBytes(uuid(text))));
        }
        if (schema.getType() == Schema.Type.BYTES) {
            return ofText(
                    "bytes in base64",
                    text -> ByteBuffer.wrap(Base64.getDecoder().decode(text)));
        }
        return ofText(schema.getFixedSize() + " bytes in base64", text -> {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length != schema.getFixedSize()) {
                throw new IllegalArgumentException();
            }
            return new GenericData.Fixed(schema, bytes);
        });
    }

    @Override
    public Object ofText(String text) {
        try {
            return conversion.apply(text);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw UnfitValueException.value(text, expected);
        }
    }

    @Override
    public Object ofJson(JsonNode node) {
        if (node.isNull()) {
            return ofNull();
        }
        if (!kinds.contains(node.getNodeType())) {
            throw UnfitValueException.value(node.toString(), expected);
        }
        return ofText(node.asText());
    }

    private static ScalarConverter number(String expected, Function<String, Object> conversion) {
        return new ScalarConverter(expected, NUMBER, text -> conversion.apply(text.strip()));
    }

    /** Also {@code 12.0}, which other tools write for whole numbers in columns with gaps; never {@code 12.5}. */
    private static long wholeNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return new BigDecimal(text).longValueExact();
        }
    }

    private static boolean trueOrFalse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static double doubleNumber(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "infinity", "+inf", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                double value = Double.parseDouble(decimalDigits(text));
                if (Double.isInfinite(value)) {
                    throw new IllegalArgumentException();
                }
                yield value;
            }
        };
    }

    private static float floatNumber(String text) {
        double value = doubleNumber(text);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return (float) value;
        }
        float nearest = Float.parseFloat(text);
        if (Float.isInfinite(nearest)) {
            throw new IllegalArgumentException();
        }
        return nearest;
    }

    /** Java would also read {@code 1f} and {@code 0x1p3}. */
    private static String decimalDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789+-.eE".indexOf(text.charAt(i)) < 0) {
                throw new IllegalArgumentException();
            }
        }
        return text;
    }

    /** Digits are counted before the value is scaled, since {@code 1e999999999} would fill the memory. */
    private static BigInteger unscaled(String text, LogicalTypes.Decimal decimal) {
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        if (value.signum() == 0) {
            return BigInteger.ZERO;
        }
        boolean fits = value.scale() <= decimal.getScale()
                && (long) value.precision() - value.scale() <= decimal.getPrecision() - decimal.getScale();
        if (!fits) {
            throw new IllegalArgumentException();
        }
        return value.setScale(decimal.getScale()).unscaledValue();
    }

    private static Object bytes(Schema schema, BigInteger unscaled) {
        byte[] bytes = unscaled.toByteArray();
        if (schema.getType() == Schema.Type.BYTES) {
            return ByteBuffer.wrap(bytes);
        }
        byte[] padded = new byte[schema.getFixedSize()];
        Arrays.fill(padded, (byte) (unscaled.signum() < 0 ? -1 : 0));
        System.arraycopy(bytes, 0, padded, padded.length - bytes.length, bytes.length);
        return new GenericData.Fixed(schema, padded);
    }

    private static Object symbol(Schema schema, String text) {
        List<String> symbols = schema.getEnumSymbols();
        if (!symbols.contains(text)) {
            throw new IllegalArgumentException();
        }
        return new GenericData.EnumSymbol(schema, text);
    }

    private static boolean isUuid(Schema schema) {
        return schema.getLogicalType() != null
                && schema.getLogicalType().getName().equals(LogicalTypes.uuid().getName());
    }

    private static UUID uuid(String text) {
        if (text.length() != UUID_CHARACTERS) {
            throw new IllegalArgumentException();
        }
        return UUID.fromString(text);
    }

    private static byte[] uuidBytes(UUID uuid) {
        return ByteBuffer.allocate(UUID_BYTES)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }
}
