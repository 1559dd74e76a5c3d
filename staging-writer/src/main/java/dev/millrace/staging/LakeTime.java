package dev.millrace.staging;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** A date or time type of Avro: in which unit it counts, and in which the lake does. */
enum LakeTime {
    DATE(ChronoUnit.DAYS),
    TIME_MILLIS(ChronoUnit.MILLIS),
    TIME_MICROS(ChronoUnit.MICROS),
    INSTANT_MILLIS(ChronoUnit.MILLIS),
    INSTANT_MICROS(ChronoUnit.MICROS),
    INSTANT_NANOS(ChronoUnit.NANOS),
    LOCAL_MILLIS(ChronoUnit.MILLIS),
    LOCAL_MICROS(ChronoUnit.MICROS),
    LOCAL_NANOS(ChronoUnit.NANOS);

    private final ChronoUnit unit;

    LakeTime(ChronoUnit unit) {
        this.unit = unit;
    }

    /** The type of a schema, or null when it is none of these. */
    static LakeTime of(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical instanceof LogicalTypes.Date) {
            return DATE;
        }
        if (logical instanceof LogicalTypes.TimeMillis) {
            return TIME_MILLIS;
        }
        if (logical instanceof LogicalTypes.TimeMicros) {
            return TIME_MICROS;
        }
        if (logical instanceof LogicalTypes.TimestampMillis) {
            return INSTANT_MILLIS;
        }
        if (logical instanceof LogicalTypes.TimestampMicros) {
            return INSTANT_MICROS;
        }
        if (logical instanceof LogicalTypes.TimestampNanos) {
            return INSTANT_NANOS;
        }
        if (logical instanceof LogicalTypes.LocalTimestampMillis) {
            return LOCAL_MILLIS;
        }
        if (logical instanceof LogicalTypes.LocalTimestampMicros) {
            return LOCAL_MICROS;
        }
        return logical instanceof LogicalTypes.LocalTimestampNanos ? LOCAL_NANOS : null;
    }

    /** The value in the unit of the lake's type: days, microseconds, or nanoseconds for the local time in nanoseconds. */
    long lakeUnits(long value) {
        return switch (this) {
            case DATE, TIME_MICROS, INSTANT_MICROS, LOCAL_MICROS, LOCAL_NANOS -> value;
            case TIME_MILLIS, INSTANT_MILLIS, LOCAL_MILLIS -> Math.multiplyExact(value, 1_000L);
            case INSTANT_NANOS -> Math.floorDiv(value, 1_000L);
        };
    }

    /** How the lake calls a value that its types keep for the infinite, or null for all others. */
    String infinity(long value) {
        long largest =
                switch (this) {
                    case DATE -> Integer.MAX_VALUE;
                    case INSTANT_MICROS, LOCAL_MICROS, LOCAL_NANOS -> Long.MAX_VALUE;
                    default -> 0;
                };
        if (largest == 0 || Math.abs(value) != largest) {
            return null;
        }
        return value > 0 ? "infinity" : "-infinity";
    }

    /** The value in ISO 8601. */
    String iso(long value) {
        if (this == DATE) {
            return LocalDate.ofEpochDay(value).toString();
        }
        Instant instant = Instant.EPOCH.plus(value, unit);
        return switch (this) {
            case LOCAL_MILLIS, LOCAL_MICROS, LOCAL_NANOS ->
                LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString();
            default -> instant.toString();
        };
    }
}
