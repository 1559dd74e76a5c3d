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

/**
 * Where a dataset of the demo comes from, and what is known of it.
 *
 * @param producerColumn each value of this column is a producer
 * @param dayColumn each value of this column is a staged file of its producer
 * @param sumColumn a column of whole numbers, whose sum is {@code expectedSum}
 */
record DemoSource(
        String dataset,
        String file,
        String producerColumn,
        String dayColumn,
        String sumColumn,
        long expectedRows,
        long expectedSum) {
    /** Counted by others over the published data, see its README. */
    static final DemoSource FLIGHTS =
            new DemoSource("flights", "flights.csv.gz", "carrier", "flight_date", "distance", 336_776, 350_217_607);

    /** One producer a weather station; the sum of the hours is of the source itself. */
    static final DemoSource WEATHER =
            new DemoSource("weather", "weather.csv.gz", "origin", "observed_date", "hour", 26_115, 300_082);

    /** The rows of one producer by day, in the order of the days. */
    record Producer(String name, SortedMap<String, List<GenericRecord>> days) {}

    /** Reads the whole source. */
    List<Producer> read(Contract contract) throws IOException {
        SortedMap<String, Producer> producers = new TreeMap<>();
        RowOptions options = new RowOptions(
                Set.of("", "NA"), List.of(ColumnTemplate.parse(dayColumn + "={year}-{month}-{day}")), false);
        try (InputStream in = new GZIPInputStream(DemoFolder.resource("data/" + file));
                RowSource rows = RowFormat.CSV.open(RowInput.standardInput(in), contract, options)) {
            for (Optional<Row> row = rows.next(); row.isPresent(); row = rows.next()) {
                GenericRecord record = row.orElseThrow().record();
                producers
                        .computeIfAbsent(
                                record.get(producerColumn).toString(), name -> new Producer(name, new TreeMap<>()))
                        .days()
                        .computeIfAbsent(day(record), day -> new ArrayList<>())
                        .add(record);
            }
        }
        return List.copyOf(producers.values());
    }

    private String day(GenericRecord record) {
        // A day of 2013 counts five digits from 1970 on, so the texts sort as the days do.
        return record.get(dayColumn).toString();
    }
}
