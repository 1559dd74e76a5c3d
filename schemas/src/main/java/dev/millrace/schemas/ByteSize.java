package dev.millrace.schemas;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes written with its unit: {@code 1024B}, {@code 512MB} (10<sup>6</sup>) or {@code 256MiB} (2<sup>20</sup>).
 */
public final class ByteSize {
    public static final String ALLOWED =
            "a whole number with a unit: B, KB, MB, GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024),"
                    + " such as 512MB";

    private static final Pattern PATTERN = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]{1,3})");
    private static final Map<String, Long> BYTES_OF_UNIT = Map.of(
            "b", 1L,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L,
            "tb", 1_000_000_000_000L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "tib", 1L << 40);

    private static final long STEP = 1_000;
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    private ByteSize() {}

    /** For people, rounded: {@code 999 B}, {@code 4.5 MB}. */
    public static String roundedText(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= STEP && unit < UNITS.size() - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
    }

    /**
     * Reads a size.
     *
     * @return bytes
     * @throws IllegalArgumentException when the text is not a size; the message says what is allowed
     */
    public static long parseBytes(String text) {
        Matcher matcher = PATTERN.matcher(text.strip());
        Long unitBytes = matcher.matches() ? BYTES_OF_UNIT.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unitBytes == null) {
            throw new IllegalArgumentException(ALLOWED);
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unitBytes);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("at most " + Long.MAX_VALUE + "B", e);
        }
    }
}
