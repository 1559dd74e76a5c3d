package dev.millrace.bench.concurrency;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine;

/** Reads a duration as the command's options take it: {@code 5m}, {@code 0.5s}, {@code 1h30m}. */
final class DurationText implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' is no duration; write it like 30s, 0.5s, 5m or 1h30m");
        }
    }
}
