package dev.millrace.cli.rows;

import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Rows of an Avro object container file, its writer's schema resolved to the contract's as the Avro specification says. */
final class AvroRowSource implements RowSource {
    private final String file;
    private final RowAssembler assembler;
    private final DataFileStream<GenericRecord> stream;
    private long row;

    AvroRowSource(RowInput input, RowAssembler assembler, Contract contract) throws IOException {
        this.file = input.name();
        this.assembler = assembler;
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>();
        try {
            this.stream = new DataFileStream<>(input.bytes(), reader);
        } catch (IOException | AvroRuntimeException e) {
            throw new RowException(file, "is not an Avro object container file: " + e.getMessage(), e);
        }
        Schema writer = stream.getSchema();
        Origin header = Origin.row(file, 0);
        if (writer.getType() != Schema.Type.RECORD) {
            throw new RowException(header, "its schema is a " + writer.getType().getName() + ", not a record");
        }
        List<String> names = writer.getFields().stream().map(Schema.Field::name).toList();
        List<String> read = readable(contract.schema(), writer);
        assembler.checkExtra(
                header,
                names.stream().filter(n -> !isRead(contract.schema(), n)).toList());
        assembler.checkMissing(header, read);
        Schema expected = projection(contract.schema(), writer, read);
        AvroLogicalTypes.requireSame(file, writer, expected);
        reader.setExpected(expected);
    }

    /** The columns of the contract, and then those for templates, that the file can give. */
    private List<String> readable(Schema contract, Schema writer) {
        List<String> columns = new ArrayList<>();
        for (Schema.Field field : contract.getFields()) {
            if (writer.getField(field.name()) != null
                    || field.aliases().stream().anyMatch(a -> writer.getField(a) != null)) {
                columns.add(field.name());
            }
        }
        for (String source : assembler.templateSources()) {
            if (writer.getField(source) != null && !columns.contains(source)) {
                columns.add(source);
            }
        }
        return columns;
    }

    private static boolean isRead(Schema contract, String writerName) {
        return contract.getFields().stream().anyMatch(f -> f.aliases().contains(writerName));
    }

    /** The contract's schema without the columns that the file lacks: those are filled in as for any other format. */
    private static Schema projection(Schema contract, Schema writer, List<String> columns) {
        List<Schema.Field> fields = new ArrayList<>();
        for (String column : columns) {
            Schema.Field field =
                    Objects.requireNonNullElseGet(contract.getField(column), () -> writer.getField(column));
            fields.add(new Schema.Field(field, field.schema()));
        }
        return Schema.createRecord(contract.getName(), null, contract.getNamespace(), false, fields);
    }

    @Override
    public Optional<Row> next() {
        Origin origin = Origin.row(file, row + 1);
        try {
            if (!stream.hasNext()) {
                return Optional.empty();
            }
            GenericRecord record = stream.next();
            row++;
            return Optional.of(assembler.assemble(origin, new AvroRow(record)));
        } catch (AvroRuntimeException e) {
            throw new RowException(origin, "cannot be read as the contract asks: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private record AvroRow(GenericRecord record) implements RawRow {
        @Override
        public boolean has(String column) {
            return record.getSchema().getField(column) != null;
        }

        @Override
        public Object value(String column, ValueConverter converter) {
            return record.get(column);
        }

        @Override
        public Optional<String> text(String column) {
            return AvroLogicalTypes.text(record.getSchema().getField(column).schema(), record.get(column));
        }
    }
}
