package dev.millrace.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is known of the flights of the first days without this program: see the README of the data.
 *
 * @param flights how many there are
 * @param distance the sum of theirs, in miles
 */
record DemoTruth(long flights, long distance) {
    private static final String FILE = "data/flights-by-day.csv";
    private static final int FLIGHTS = 1;
    private static final int DISTANCE = 2;

    /** Of so many days from the first of January on. */
    static DemoTruth of(DemoDays days) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(DemoFolder.resource(FILE), StandardCharsets.UTF_8))) {
            List<String[]> first = lines.lines()
                    .skip(1)
                    .limit(days.number())
                    .map(line -> line.split(",", -1))
                    .toList();
            return new DemoTruth(sum(first, FLIGHTS), sum(first, DISTANCE));
        }
    }

    private static long sum(List<String[]> days, int column) {
        return days.stream().mapToLong(day -> Long.parseLong(day[column])).sum();
    }
}
