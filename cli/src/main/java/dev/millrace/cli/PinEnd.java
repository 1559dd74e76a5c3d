package dev.millrace.cli;

import dev.millrace.cli.config.DurationText;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** When a pin ends, as a user writes it. */
final class PinEnd {
    private static final String ALLOWED =
            "a duration from now such as 90d, a date such as 2027-12-31 or a time such as 2027-12-31T18:00:00Z, in the future";

    private PinEnd() {}

    /**
     * Reads an end.
     *
     * @throws IllegalArgumentException when the text is none, or is over; the message says what is allowed
     */
    static Instant parse(String text, Instant now) {
        Instant end;
        try {
            end = read(text.strip(), now);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(ALLOWED, e);
        }
        if (!end.isAfter(now)) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return end;
    }

    private static Instant read(String text, Instant now) {
        if (text.contains("T")) {
            return Instant.parse(text);
        }
        if (text.contains("-")) {
            return LocalDate.parse(text)
                    .plusDays(1)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant();
        }
        try {
            return now.plus(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ALLOWED, e);
        }
    }
}
