package dev.millrace.cli.rows;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.apache.commons.io.input.BOMInputStream;

/** Rows of a CSV file. An empty line is no row; a row must have as many values as the header has names. */
final class CsvRowSource implements RowSource {
    /** With this quote mode the parser tells an empty value (null) from an empty text in quotes. */
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setIgnoreEmptyLines(false)
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .get();

    private final String file;
    private final RowAssembler assembler;
    private final Set<String> nullValues;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private final int width;

    CsvRowSource(RowInput input, RowAssembler assembler, RowOptions options) throws IOException {
        this.file = input.name();
        this.assembler = assembler;
        this.nullValues = options.nullValues();
        BOMInputStream bytes =
                BOMInputStream.builder().setInputStream(input.bytes()).get();
        this.parser = CSVParser.builder()
                .setReader(
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()), 1 << 16))
                .setFormat(FORMAT)
                .get();
        this.records = parser.iterator();
        this.width = readHeader();
    }

    private int readHeader() throws IOException {
        Numbered header = read();
        if (header == null) {
            throw new RowException(
                    Origin.line(file, 1), "is empty; a CSV file begins with a header line of column names");
        }
        Set<String> twice = new HashSet<>();
        for (int i = 0; i < header.record().size(); i++) {
            String value = header.record().get(i);
            String name = value == null ? "" : value.strip();
            if (positions.put(name, i) != null) {
                twice.add(name);
            }
        }
        if (!twice.isEmpty()) {
            throw new RowException(
                    header.origin(), "the header has the columns " + twice + " twice; rename or remove one");
        }
        assembler.checkExtra(header.origin(), positions.keySet());
        assembler.checkMissing(header.origin(), positions.keySet());
        return header.record().size();
    }

    @Override
    public Optional<Row> next() throws IOException {
        Numbered next = read();
        if (next == null) {
            return Optional.empty();
        }
        CSVRecord record = next.record();
        if (record.size() != width) {
            throw new RowException(
                    next.origin(),
                    "has " + record.size() + " values, but the header has " + width
                            + " columns; a value with a comma, a quote or a line break in it must be quoted");
        }
        return Optional.of(assembler.assemble(next.origin(), new CsvRow(record)));
    }

    private record Numbered(CSVRecord record, Origin origin) {}

    private Numbered read() throws IOException {
        while (true) {
            Origin origin = Origin.line(file, parser.getCurrentLineNumber() + 1);
            try {
                if (!records.hasNext()) {
                    return null;
                }
                CSVRecord record = records.next();
                if (record.size() > 1 || record.get(0) != null) {
                    return new Numbered(record, origin);
                }
            } catch (UncheckedIOException e) {
                throw refusal(origin, e.getCause());
            } catch (IllegalStateException e) {
                throw new RowException(origin, "is not valid CSV: " + e.getMessage(), e);
            }
        }
    }

    private static IOException refusal(Origin origin, IOException e) {
        if (e instanceof CharacterCodingException) {
            throw new RowException(origin, "this line, or one of the next, is not valid UTF-8; convert the file", e);
        }
        if (e instanceof CSVException) {
            throw new RowException(origin, "is not valid CSV: " + e.getMessage(), e);
        }
        if (e instanceof ZipException || e instanceof java.io.EOFException) {
            throw new RowException(origin, "the gzip file is damaged from here on: " + e.getMessage(), e);
        }
        return e;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private final class CsvRow implements RawRow {
        private final CSVRecord record;

        CsvRow(CSVRecord record) {
            this.record = record;
        }

        @Override
        public boolean has(String column) {
            return positions.containsKey(column);
        }

        @Override
        public Object value(String column, ValueConverter converter) {
            Optional<String> text = text(column);
            return text.isPresent() ? converter.ofText(text.get()) : converter.ofNull();
        }

        @Override
        public Optional<String> text(String column) {
            String value = record.get(positions.get(column));
            if (nullValues.isEmpty()) {
                return Optional.ofNullable(value);
            }
            String text = value == null ? "" : value;
            return nullValues.contains(text) ? Optional.empty() : Optional.of(text);
        }
    }
}
