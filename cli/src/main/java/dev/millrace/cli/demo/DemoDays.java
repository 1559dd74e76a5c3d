package dev.millrace.cli.demo;

import java.time.LocalDate;

/**
 * How much of the year a demo plays: its first days.
 *
 * @param number 1 to 365
 */
public record DemoDays(int number) {
    private static final int YEAR = 2013;
    private static final int DAYS_A_YEAR = 365;

    /** The whole year. */
    public static final DemoDays ALL = new DemoDays(DAYS_A_YEAR);

    public DemoDays {
        if (number < 1 || number > DAYS_A_YEAR) {
            throw new DemoException("a demo has 1 to " + DAYS_A_YEAR + " days of the year " + YEAR + ", not " + number);
        }
    }

    /** Whether a day is among them, {@code month * 100 + day}. */
    boolean have(int day) {
        return LocalDate.of(YEAR, day / 100, day % 100).getDayOfYear() <= number;
    }
}
