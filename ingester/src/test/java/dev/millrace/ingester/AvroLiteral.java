package dev.millrace.ingester;

import dev.millrace.lake.sql.SqlText;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/**
 * What a value of an Avro record is in the engine's SQL, told from the value and its Avro schema alone: by no code that the
 * way into the lake uses.
 */
final class AvroLiteral {
    private AvroLiteral() {}

    static String of(Schema schema, Object value) {
        if (value == null) {
            return "NULL";
        }
        return switch (schema.getType()) {
            case UNION ->
                of(
                        schema.getTypes().stream()
                                .filter(branch -> branch.getType() != Schema.Type.NULL)
                                .findFirst()
                                .orElseThrow(),
                        value);
            case BOOLEAN -> value.toString();
            case INT, LONG -> whole(schema, value);
            case FLOAT, DOUBLE -> "'" + value + "'::" + schema.getType();
            case STRING -> isUuid(schema) ? "'" + value + "'::UUID" : SqlText.literal(value.toString());
            case ENUM -> SqlText.literal(value.toString());
            case BYTES, FIXED -> binary(schema, value);
            case ARRAY ->
                ((List<?>) value)
                        .stream()
                                .map(element -> of(schema.getElementType(), element))
                                .collect(Collectors.joining(", ", "[", "]"));
            case MAP ->
                ((Map<?, ?>) value)
                        .entrySet().stream()
                                .map(e -> SqlText.literal(e.getKey().toString()) + ": "
                                        + of(schema.getValueType(), e.getValue()))
                                .collect(Collectors.joining(", ", "MAP {", "}"));
            case RECORD ->
                schema.getFields().stream()
                        .map(f -> SqlText.literal(f.name()) + ": "
                                + of(f.schema(), ((GenericRecord) value).get(f.name())))
                        .collect(Collectors.joining(", ", "{", "}"));
            case NULL -> throw new IllegalArgumentException("a column of nothing but nulls");
        };
    }

    private static String whole(Schema schema, Object value) {
        if (schema.getLogicalType() == null) {
            return "'" + value + (schema.getType() == Schema.Type.INT ? "'::INTEGER" : "'::BIGINT");
        }
        return switch (schema.getLogicalType().getName()) {
            case "date" ->
                "(DATE '1970-01-01' + (" + (value instanceof LocalDate date ? date.toEpochDay() : value)
                        + ")::INTEGER)";
            case "time-millis" -> time(value, ChronoUnit.MILLIS);
            case "time-micros" -> time(value, ChronoUnit.MICROS);
            case "timestamp-millis", "local-timestamp-millis" ->
                timestamp(schema, units(value, ChronoUnit.MILLIS) * 1_000);
            case "timestamp-micros", "local-timestamp-micros" -> timestamp(schema, units(value, ChronoUnit.MICROS));
            // The lake's instants count microseconds, and the engine cuts toward zero.
            case "timestamp-nanos" -> timestamp(schema, units(value, ChronoUnit.NANOS) / 1_000);
            case "local-timestamp-nanos" -> "make_timestamp_ns(" + units(value, ChronoUnit.NANOS) + ")";
            default -> throw new IllegalArgumentException(schema.toString());
        };
    }

    private static String time(Object value, ChronoUnit unit) {
        LocalTime time = value instanceof LocalTime local
                ? local.truncatedTo(unit)
                : LocalTime.MIDNIGHT.plus(((Number) value).longValue(), unit);
        return "TIME '" + time + "'";
    }

    private static String timestamp(Schema schema, long micros) {
        String local = "make_timestamp(" + micros + ")";
        return schema.getLogicalType().getName().startsWith("local") ? local : local + "::TIMESTAMPTZ";
    }

    private static long units(Object value, ChronoUnit unit) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        Instant instant = value instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : (Instant) value;
        return unit.between(Instant.EPOCH, instant.truncatedTo(unit));
    }

    private static String binary(Schema schema, Object value) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return "'" + ((BigDecimal) value).toPlainString() + "'::DECIMAL(" + decimal.getPrecision() + ","
                    + decimal.getScale() + ")";
        }
        if (isUuid(schema)) {
            return "'" + value + "'::UUID";
        }
        byte[] bytes = value instanceof GenericFixed fixed ? fixed.bytes() : ((ByteBuffer) value).array();
        return "unhex('" + HexFormat.of().formatHex(bytes) + "')";
    }

    private static boolean isUuid(Schema schema) {
        return schema.getLogicalType() != null
                && schema.getLogicalType().getName().equals("uuid");
    }
}
