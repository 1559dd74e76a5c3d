package dev.millrace.lake;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the catalog says of all values that a column has ever had, in the engine's own spelling. Where it says nothing, it is told by nothing.
 *
 * @param containsNull whether one was NULL
 * @param min the smallest of the others
 * @param max the largest of them
 */
record ColumnBounds(Optional<Boolean> containsNull, Optional<String> min, Optional<String> max) {
    /** How the engine compares the values of a type (DuckLake d8a1881e: numbers and times by value, others by their bytes). */
    enum Kind {
        NUMBER,
        TIME,
        TEXT;

        int compare(String left, String right) {
            return switch (this) {
                case NUMBER -> new BigDecimal(left).compareTo(new BigDecimal(right));
                case TIME -> time(left).compareTo(time(right));
                case TEXT ->
                    Arrays.compareUnsigned(
                            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
            };
        }
    }

    /** Of a column that never had a value. */
    static final ColumnBounds NONE = new ColumnBounds(Optional.of(false), Optional.empty(), Optional.empty());

    private static final int DIGITS = 6;
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, DIGITS, true)
            .appendOffset("+HH:mm", "+00")
            .toFormatter(Locale.ROOT);

    /** A time as the engine spells it, in UTC and microseconds. */
    static String text(Instant time) {
        return TIME.format(time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
    }

    private static OffsetDateTime time(String text) {
        return OffsetDateTime.parse(text, TIME);
    }

    /**
     * With another value, as the engine does it: bounds that are not known stay so, unless the column had nothing but NULL.
     *
     * @param value absent for NULL
     */
    ColumnBounds with(Kind kind, Optional<String> value) {
        if (value.isEmpty()) {
            return new ColumnBounds(containsNull.map(known -> true), min, max);
        }
        if (min.isEmpty() && max.isEmpty()) {
            return new ColumnBounds(containsNull, value, value);
        }
        String added = value.orElseThrow();
        return new ColumnBounds(
                containsNull,
                min.map(known -> kind.compare(added, known) < 0 ? added : known),
                max.map(known -> kind.compare(added, known) > 0 ? added : known));
    }
}
