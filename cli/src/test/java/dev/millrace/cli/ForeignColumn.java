package dev.millrace.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/**
 * A column as other writers make it, with the values that stand in it and what has to come out of the lake.
 *
 * @param name of the column
 * @param parquet its type as Parquet writes schemas, without repetition and name, with {@code %s} in the place of the name
 * @param lake the type that a new column gets by it
 * @param contracts the Avro types whose columns take its values as well, as JSON
 * @param rule what is to be known of it besides; empty where all comes out as it went in
 * @param cells its values
 */
record ForeignColumn(String name, String parquet, String lake, List<String> contracts, String rule, List<Cell> cells) {
    /**
     * A value.
     *
     * @param written as {@link ForeignFile} takes it
     * @param found how the lake shows it as text; null for NULL
     * @param copied how the lake shows it where the file was copied as it is
     */
    record Cell(Object written, String found, String copied) {}

    private static final Set<String> REWRITTEN = Set.of(
            "float16",
            "time_nanos",
            "time_millis_utc",
            "time_micros_utc",
            "time_nanos_utc",
            "list_of_other_names",
            "list_of_two_levels",
            "structs_of_two_levels",
            "lone_structs_of_two_levels",
            "lone_structs_as_tuples",
            "map_of_other_names",
            "repeated",
            "repeated_structs");

    ForeignColumn {
        contracts = List.copyOf(contracts);
        cells = List.copyOf(cells);
    }

    static ForeignColumn of(String name, String parquet, String lake, Cell... cells) {
        return new ForeignColumn(name, parquet, lake, List.of(), "", List.of(cells));
    }

    static Cell cell(Object written, String found) {
        return new Cell(written, found, found);
    }

    /** One that shows as it is written. */
    static Cell cell(Object written) {
        return cell(written, written.toString());
    }

    ForeignColumn into(String... avroTypes) {
        return new ForeignColumn(name, parquet, lake, List.of(avroTypes), rule, cells);
    }

    ForeignColumn by(String itsRule) {
        return new ForeignColumn(name, parquet, lake, contracts, itsRule, cells);
    }

    ForeignColumn named(String other) {
        return new ForeignColumn(other, parquet, lake, contracts, rule, cells);
    }

    /** Whether the lake can't register a file that has it as it is, or reads it wrongly then. */
    boolean rewritten() {
        return REWRITTEN.contains(name);
    }

    Type type() {
        return MessageTypeParser.parseMessageType("message m { " + parquet.formatted(name) + " }")
                .getType(0);
    }

    /** The value of a row; the first row and those after the last value are NULL. */
    Optional<Cell> cell(int row) {
        return row >= 1 && row <= cells.size() ? Optional.of(cells.get(row - 1)) : Optional.empty();
    }
}
