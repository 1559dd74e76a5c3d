package dev.millrace.cli.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A duration written with its units: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}, {@code 1h30m}. */
public final class DurationText {
    static final String ALLOWED = "whole numbers with the units d, h, m, s or ms, such as 30s, 7d or 1h30m";

    private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|d|h|m|s)");

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when the text is not a duration; the message says what is allowed
     */
    public static Duration parse(String text) {
        Matcher matcher = PART.matcher(text.strip());
        Duration sum = Duration.ZERO;
        Set<String> units = new HashSet<>();
        int end = 0;
        while (matcher.find() && matcher.start() == end && units.add(matcher.group(2))) {
            long count = Long.parseLong(matcher.group(1));
            sum = sum.plus(
                    switch (matcher.group(2)) {
                        case "d" -> Duration.ofDays(count);
                        case "h" -> Duration.ofHours(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "s" -> Duration.ofSeconds(count);
                        default -> Duration.ofMillis(count);
                    });
            end = matcher.end();
        }
        if (end == 0 || end != text.strip().length()) {
            throw new IllegalArgumentException(ALLOWED);
        }
        return sum;
    }
}
