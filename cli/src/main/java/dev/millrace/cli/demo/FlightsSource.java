package dev.millrace.cli.demo;

import dev.millrace.cli.rows.ColumnTemplate;
import dev.millrace.cli.rows.Row;
import dev.millrace.cli.rows.RowFormat;
import dev.millrace.cli.rows.RowInput;
import dev.millrace.cli.rows.RowOptions;
import dev.millrace.cli.rows.RowSource;
import dev.millrace.schemas.Contract;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.avro.generic.GenericRecord;

/** The flights of 2013. */
final class FlightsSource {
    static final String DATASET = "flights";

    private static final String FILE = "data/flights.csv.gz";
    private static final ColumnTemplate DATE = ColumnTemplate.parse("flight_date={year}-{month}-{day}");

    /** The flights of one carrier by day, {@code month * 100 + day}. */
    record Carrier(String name, SortedMap<Integer, List<GenericRecord>> days) {}

    private FlightsSource() {}

    /** Reads those of the first days. */
    static List<Carrier> read(Contract contract, DemoDays days) throws IOException {
        SortedMap<String, Carrier> carriers = new TreeMap<>();
        RowOptions options = new RowOptions(Set.of("", "NA"), List.of(DATE), false);
        try (InputStream in = lines(days);
                RowSource rows = RowFormat.CSV.open(RowInput.standardInput(in), contract, options)) {
            for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
                GenericRecord flight = row.orElseThrow().record();
                carriers.computeIfAbsent(flight.get("carrier").toString(), name -> new Carrier(name, new TreeMap<>()))
                        .days()
                        .computeIfAbsent(
                                number(flight, "month") * 100 + number(flight, "day"), day -> new ArrayList<>())
                        .add(flight);
            }
        }
        return List.copyOf(carriers.values());
    }

    /** The header and the lines of those days: to make a record of each line takes seconds. */
    private static InputStream lines(DemoDays days) throws IOException {
        InputStream all = new GZIPInputStream(DemoFolder.resource(FILE));
        if (days.equals(DemoDays.ALL)) {
            return all;
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(all, StandardCharsets.UTF_8))) {
            String header = lines.readLine();
            return new ByteArrayInputStream(
                    Stream.concat(Stream.of(header), lines.lines().filter(line -> days.have(dayOf(line))))
                            .collect(Collectors.joining("\n"))
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A line begins with year, month and day. */
    private static int dayOf(String line) {
        String[] date = line.split(",", 4);
        return Integer.parseInt(date[1]) * 100 + Integer.parseInt(date[2]);
    }

    static int number(GenericRecord flight, String column) {
        return ((Number) flight.get(column)).intValue();
    }
}
