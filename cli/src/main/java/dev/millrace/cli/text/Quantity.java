package dev.millrace.cli.text;

import dev.millrace.schemas.ByteSize;
import java.time.Duration;
import java.util.Locale;

/** How numbers are written for people. */
public final class Quantity {
    private static final int MILLIS_A_SECOND = 1_000;

    private Quantity() {}

    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 file}, {@code 2 files}. */
    public static String of(long number, String what) {
        return count(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** In powers of 1,000. */
    public static String bytes(long bytes) {
        return ByteSize.roundedText(bytes);
    }

    /** What a run takes: {@code 340 ms}, {@code 1.2 s}, {@code 5m 2s}. */
    public static String duration(Duration duration) {
        if (duration.toMillis() < MILLIS_A_SECOND) {
            return Math.max(0, duration.toMillis()) + " ms";
        }
        return duration.toMinutes() > 0
                ? age(duration)
                : String.format(Locale.ROOT, "%.1f s", (double) duration.toMillis() / MILLIS_A_SECOND);
    }

    /** In the two largest units: {@code 3d 4h}, {@code 5m 2s}. */
    public static String age(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m " + age.toSecondsPart() + "s" : age.toSeconds() + "s";
    }
}
