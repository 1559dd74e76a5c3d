package dev.millrace.cli;

import dev.millrace.cli.config.DurationText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A time in the past as a user writes it: {@code 2h} ago, a day in UTC, or a time. */
final class TimeBound {
    static final String ALLOWED =
            "a duration until now such as 2h, a date such as 2026-11-25 or a time such as 2026-11-25T18:00:00Z";

    private TimeBound() {}

    /**
     * Reads a time.
     *
     * @throws IllegalArgumentException when the text is none; the message says what is allowed
     */
    static Instant parse(String text, Instant now) {
        String stripped = text.strip();
        try {
            if (stripped.contains("T")) {
                return Instant.parse(stripped);
            }
            return stripped.contains("-")
                    ? LocalDate.parse(stripped).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : now.minus(DurationText.parse(stripped));
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException(ALLOWED, e);
        }
    }
}
