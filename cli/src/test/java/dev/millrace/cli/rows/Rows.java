package dev.millrace.cli.rows;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Reads texts as rows, for the tests of this package. */
final class Rows {
    private Rows() {}

    /** A contract whose schema has the fields given as JSON, with single quotes for double ones. */
    static Contract contract(String... fields) {
        return new Contract(
                DatasetName.parse("flights"),
                schema(fields),
                List.of(),
                List.of(),
                WriteMode.APPEND,
                EvolutionPolicy.STRICT);
    }

    static Schema schema(String... fields) {
        String json = "{'type':'record','name':'Flight','fields':[" + String.join(",", fields) + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }

    static String field(String name, String type) {
        return "{'name':'" + name + "','type':" + type + "}";
    }

    static List<Row> csv(Contract contract, String text, RowOptions options) throws IOException {
        return read(RowFormat.CSV, contract, text, options);
    }

    static List<Row> csv(Contract contract, String text) throws IOException {
        return csv(contract, text, RowOptions.defaults());
    }

    static List<Row> json(Contract contract, String text) throws IOException {
        return read(RowFormat.JSONL, contract, text, RowOptions.defaults());
    }

    static List<Row> read(RowFormat format, Contract contract, String text, RowOptions options) throws IOException {
        return read(format, contract, text.getBytes(StandardCharsets.UTF_8), options);
    }

    static List<Row> read(RowFormat format, Contract contract, byte[] bytes, RowOptions options) throws IOException {
        try (RowSource source = format.open(new RowInput("in", new ByteArrayInputStream(bytes)), contract, options)) {
            return all(source);
        }
    }

    static List<Row> all(RowSource source) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Optional<Row> row = source.next(); row.isPresent(); row = source.next()) {
            rows.add(row.get());
        }
        return rows;
    }

    static RowOptions templates(String... templates) {
        return new RowOptions(
                Set.of(), List.of(templates).stream().map(ColumnTemplate::parse).toList(), false);
    }
}
