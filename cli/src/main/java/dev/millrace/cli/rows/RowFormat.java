package dev.millrace.cli.rows;

import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** How rows are written in an input. */
public enum RowFormat {
    /** Comma-separated values in UTF-8 with a header line, quoted as RFC 4180 says. */
    CSV,
    /** One JSON object a line, in UTF-8. */
    JSONL,
    /** An Avro object container file. */
    AVRO;

    /** The format that a file's name tells, with or without {@code .gz}. */
    public static Optional<RowFormat> ofFileName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        String plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - ".gz".length()) : lower;
        if (plain.endsWith(".csv")) {
            return Optional.of(CSV);
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return Optional.of(JSONL);
        }
        return plain.endsWith(".avro") ? Optional.of(AVRO) : Optional.empty();
    }

    /**
     * Begins to read an input, which is closed with the source, or at once when this fails.
     *
     * @throws RowException when the input as a whole does not fit, as by its header or its schema
     * @throws IllegalArgumentException when a template does not fit the contract
     */
    public RowSource open(RowInput input, Contract contract, RowOptions options) throws IOException {
        try {
            RowAssembler assembler = new RowAssembler(contract, options);
            return switch (this) {
                case CSV -> new CsvRowSource(input, assembler, options);
                case JSONL -> new JsonRowSource(input, assembler);
                case AVRO -> new AvroRowSource(input, assembler, contract);
            };
        } catch (RuntimeException | IOException e) {
            input.bytes().close();
            throw e;
        }
    }
}
