package dev.millrace.cli.rows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;

/**
 * Converters of dates and times. Digits of a second that the type cannot hold are refused, not cut off. A timestamp needs a
 * zone or an offset, a local timestamp must have none; neither is ever guessed.
 */
final class TemporalConverters {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-M-d").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ISO_LOCAL_TIME.withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter LOCAL_DATE_TIME = new DateTimeFormatterBuilder()
            .append(DATE)
            .appendLiteral('T')
            .append(TIME)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter ZONED_DATE_TIME = new DateTimeFormatterBuilder()
            .append(LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .optionalStart()
            .appendLiteral('[')
            .appendZoneRegionId()
            .appendLiteral(']')
            .optionalEnd()
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    /** The smallest step of a type. */
    private enum Unit {
        MILLIS("milliseconds", 1_000L),
        MICROS("microseconds", 1_000_000L),
        NANOS("nanoseconds", NANOS_PER_SECOND);

        private final String words;
        private final long perSecond;

        Unit(String words, long perSecond) {
            this.words = words;
            this.perSecond = perSecond;
        }

        long count(long seconds, long nanos) {
            long nanosPerUnit = NANOS_PER_SECOND / perSecond;
            if (nanos % nanosPerUnit != 0) {
                throw new IllegalArgumentException();
            }
            return Math.addExact(Math.multiplyExact(seconds, perSecond), nanos / nanosPerUnit);
        }
    }

    private TemporalConverters() {}

    /** The converter of a logical type; nothing when it has nothing to do with time. */
    static Optional<ValueConverter> of(LogicalType type) {
        if (type instanceof LogicalTypes.Date) {
            return Optional.of(ScalarConverter.ofText(
                    "date: a day of the calendar such as 2013-01-05",
                    text -> Math.toIntExact(LocalDate.parse(text, DATE).toEpochDay())));
        }
        if (type instanceof LogicalTypes.TimeMillis) {
            return Optional.of(time(Unit.MILLIS));
        }
        if (type instanceof LogicalTypes.TimeMicros) {
            return Optional.of(time(Unit.MICROS));
        }
        if (type instanceof LogicalTypes.TimestampMillis) {
            return Optional.of(timestamp(Unit.MILLIS));
        }
        if (type instanceof LogicalTypes.TimestampMicros) {
            return Optional.of(timestamp(Unit.MICROS));
        }
        if (type instanceof LogicalTypes.TimestampNanos) {
            return Optional.of(timestamp(Unit.NANOS));
        }
        if (type instanceof LogicalTypes.LocalTimestampMillis) {
            return Optional.of(localTimestamp(Unit.MILLIS));
        }
        if (type instanceof LogicalTypes.LocalTimestampMicros) {
            return Optional.of(localTimestamp(Unit.MICROS));
        }
        return type instanceof LogicalTypes.LocalTimestampNanos
                ? Optional.of(localTimestamp(Unit.NANOS))
                : Optional.empty();
    }

    private static ValueConverter time(Unit unit) {
        return ScalarConverter.ofText("time: such as 05:15:00, to " + unit.words, text -> {
            LocalTime time = LocalTime.parse(text, TIME);
            long count = unit.count(0, time.toNanoOfDay());
            return unit == Unit.MILLIS ? (Object) Math.toIntExact(count) : (Object) count;
        });
    }

    private static ValueConverter timestamp(Unit unit) {
        return ScalarConverter.ofText(
                "timestamp: with a zone, such as 2013-01-05T10:00:00Z or 2013-01-05T10:00:00+01:00, to " + unit.words,
                text -> {
                    Instant instant =
                            ZonedDateTime.parse(withT(text), ZONED_DATE_TIME).toInstant();
                    return unit.count(instant.getEpochSecond(), instant.getNano());
                });
    }

    private static ValueConverter localTimestamp(Unit unit) {
        return ScalarConverter.ofText(
                "local timestamp: without a zone, such as 2013-01-05T10:00:00, to " + unit.words, text -> {
                    Instant instant =
                            LocalDateTime.parse(withT(text), LOCAL_DATE_TIME).toInstant(ZoneOffset.UTC);
                    return unit.count(instant.getEpochSecond(), instant.getNano());
                });
    }

    /** Databases write a blank where ISO 8601 has a T. */
    private static String withT(String text) {
        int blank = text.indexOf(' ');
        return blank > 0 && text.indexOf('T') < 0 ? text.substring(0, blank) + "T" + text.substring(blank + 1) : text;
    }
}
