package dev.millrace.cli.rows;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/** Rows of a file of JSON objects, one a line; objects that span lines are read as well. */
final class JsonRowSource implements RowSource {
    private final String file;
    private final RowAssembler assembler;
    private final JsonParser parser;

    JsonRowSource(RowInput input, RowAssembler assembler) throws IOException {
        this.file = input.name();
        this.assembler = assembler;
        this.parser = JsonText.READER.createParser(input.bytes());
    }

    @Override
    public Optional<Row> next() throws IOException {
        Origin origin = Origin.line(file, parser.currentLocation().getLineNr());
        JsonNode object;
        try {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return Optional.empty();
            }
            origin = Origin.line(file, parser.currentTokenLocation().getLineNr());
            if (token != JsonToken.START_OBJECT) {
                throw new RowException(
                        origin,
                        "a row is one JSON object a line, such as {\"id\": 1}; this begins with '" + parser.getText()
                                + "'");
            }
            object = JsonText.READER.readTree(parser);
        } catch (JacksonException e) {
            throw new RowException(origin, "is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (ZipException | EOFException e) {
            throw new RowException(origin, "the gzip file is damaged from here on: " + e.getMessage(), e);
        }
        List<String> names = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        assembler.checkExtra(origin, names);
        return Optional.of(assembler.assemble(origin, new JsonRow(object)));
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    private record JsonRow(JsonNode object) implements RawRow {
        @Override
        public boolean has(String column) {
            return object.has(column);
        }

        @Override
        public Object value(String column, ValueConverter converter) {
            return converter.ofJson(object.get(column));
        }

        @Override
        public Optional<String> text(String column) {
            JsonNode node = object.get(column);
            if (node.isNull()) {
                return Optional.empty();
            }
            return Optional.of(node.isValueNode() ? node.asText() : node.toString());
        }
    }
}
