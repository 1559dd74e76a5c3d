package dev.millrace.cli.doctor;

import java.time.LocalDate;
import java.util.Map;

/** Judges the version of PostgreSQL. */
final class PostgresVersionVerdict {
    /** The oldest that DuckLake works with. */
    private static final int OLDEST = 12;

    /** The day of the last release of each major version, as the project has announced. */
    private static final Map<Integer, LocalDate> END_OF_LIFE = Map.of(
            12, LocalDate.of(2024, 11, 21),
            13, LocalDate.of(2025, 11, 13),
            14, LocalDate.of(2026, 11, 12),
            15, LocalDate.of(2027, 11, 11),
            16, LocalDate.of(2028, 11, 9),
            17, LocalDate.of(2029, 11, 8),
            18, LocalDate.of(2030, 11, 14));

    private PostgresVersionVerdict() {}

    /**
     * Judges a version.
     *
     * @param number as {@code server_version_num} has it: 180003 is 18.3
     */
    static Finding of(int number, LocalDate today) {
        int major = number / 10_000;
        String seen = "PostgreSQL " + major + "." + number % 10_000;
        if (major < OLDEST) {
            return Finding.failed(seen, "DuckLake needs PostgreSQL " + OLDEST + " or newer: upgrade");
        }
        LocalDate end = END_OF_LIFE.get(major);
        if (end == null) {
            return Finding.ok(seen);
        }
        return end.isBefore(today)
                ? Finding.warning(
                        seen + ", without updates since " + end, "upgrade to a version that is still maintained")
                : Finding.ok(seen + ", maintained until " + end);
    }
}
