package dev.millrace.cli.config;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When something is started again and again. */
public sealed interface Schedule {
    String OFF = "off";

    /**
     * Reads a duration such as {@code 1m}, a cron expression of five fields, or {@code off}.
     *
     * @throws IllegalArgumentException when the text is none; the message says what is allowed
     */
    static Schedule parse(String text) {
        if (text.equals(OFF)) {
            return new Never();
        }
        if (text.contains(" ") || text.startsWith("@")) {
            return new Cron(text);
        }
        try {
            return new Every(DurationText.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a duration such as 1m, five fields of cron in UTC such as '*/5 * * * *', or " + OFF, e);
        }
    }

    /**
     * When it is started next.
     *
     * @param started when it was started last; absent when it never was
     * @param now never before that
     */
    Optional<Instant> next(Optional<Instant> started, Instant now);

    /** From one start to the next; at once where that time is over. */
    record Every(Duration interval) implements Schedule {
        public Every {
            if (interval.toMillis() < 1) {
                throw new IllegalArgumentException("more than nothing, such as 1m");
            }
        }

        @Override
        public Optional<Instant> next(Optional<Instant> started, Instant now) {
            return Optional.of(started.map(last -> last.plus(interval))
                    .filter(next -> next.isAfter(now))
                    .orElse(now));
        }

        @Override
        public String toString() {
            return "every " + interval.toString().substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** At the times of a cron expression, in UTC; those that are over are not made up for. */
    record Cron(String expression) implements Schedule {
        private static final CronParser PARSER =
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

        public Cron {
            try {
                if (ExecutionTime.forCron(PARSER.parse(expression).validate())
                        .nextExecution(Instant.EPOCH.atZone(ZoneOffset.UTC))
                        .isEmpty()) {
                    throw new IllegalArgumentException("it never comes to pass");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "five fields of cron (minute, hour, day of month, month, day of week): " + e.getMessage(), e);
            }
        }

        @Override
        public Optional<Instant> next(Optional<Instant> started, Instant now) {
            return ExecutionTime.forCron(PARSER.parse(expression))
                    .nextExecution(now.atZone(ZoneOffset.UTC))
                    .map(ZonedDateTime::toInstant);
        }

        @Override
        public String toString() {
            return "cron " + expression;
        }
    }

    /** Not by time. */
    record Never() implements Schedule {
        @Override
        public Optional<Instant> next(Optional<Instant> started, Instant now) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return OFF;
        }
    }
}
