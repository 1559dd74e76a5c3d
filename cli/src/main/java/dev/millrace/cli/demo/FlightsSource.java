package dev.millrace.cli.demo;

import dev.millrace.cli.rows.ColumnTemplate;
import dev.millrace.cli.rows.Row;
import dev.millrace.cli.rows.RowFormat;
import dev.millrace.cli.rows.RowInput;
import dev.millrace.cli.rows.RowOptions;
import dev.millrace.cli.rows.RowSource;
import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.avro.generic.GenericRecord;

/** The flights of 2013, and what is known of them without this program: see the README of the data. */
final class FlightsSource {
    static final String DATASET = "flights";
    static final long EXPECTED_ROWS = 336_776;
    static final long EXPECTED_DISTANCE = 350_217_607;

    private static final String FILE = "data/flights.csv.gz";
    private static final ColumnTemplate DATE = ColumnTemplate.parse("flight_date={year}-{month}-{day}");

    /** The flights of one carrier by day, {@code month * 100 + day}. */
    record Carrier(String name, SortedMap<Integer, List<GenericRecord>> days) {}

    private FlightsSource() {}

    /** Reads all of them. */
    static List<Carrier> read(Contract contract) throws IOException {
        SortedMap<String, Carrier> carriers = new TreeMap<>();
        RowOptions options = new RowOptions(Set.of("", "NA"), List.of(DATE), false);
        try (InputStream in = new GZIPInputStream(DemoFolder.resource(FILE));
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

    static int number(GenericRecord flight, String column) {
        return ((Number) flight.get(column)).intValue();
    }
}
