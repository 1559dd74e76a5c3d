package dev.millrace.cli.rows;

import static dev.millrace.cli.rows.Rows.contract;
import static dev.millrace.cli.rows.Rows.field;
import static dev.millrace.cli.rows.Rows.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.Contract;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Proves that Avro files are resolved from their own schema to the contract's, and never misread. */
class AvroRowSourceTest {
    private static final Contract CONTRACT = contract(
            field("id", "'long'"),
            field("name", "['null','string']"),
            field("at", "['null',{'type':'long','logicalType':'timestamp-micros'}]"));

    @Test
    void aNarrowerTypeIsPromotedAndAMissingNullableColumnIsNull() throws IOException {
        Schema writer = schema(field("name", "'string'"), field("id", "'int'"));

        List<Row> rows = read(CONTRACT, file(writer, row(writer, "a", 1), row(writer, "b", 2)), RowOptions.defaults());

        assertThat(rows)
                .extracting(row -> row.record().toString())
                .containsExactly(
                        "{\"id\": 1, \"name\": \"a\", \"at\": null}", "{\"id\": 2, \"name\": \"b\", \"at\": null}");
        assertThat(rows.get(1).origin()).hasToString("in, row 2");
        assertThat(rows.get(0).record().getSchema()).isSameAs(CONTRACT.schema());
    }

    @Test
    void anotherUnitOfTimeIsRefused() throws IOException {
        Schema writer = schema(field("id", "'long'"), field("at", "{'type':'long','logicalType':'timestamp-millis'}"));
        byte[] file = file(writer, row(writer, 1L, 5L));

        assertThatThrownBy(() -> read(CONTRACT, file, RowOptions.defaults()))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("column 'at' is long (timestamp-millis) in the file")
                .hasMessageContaining("timestamp-micros");
    }

    @Test
    void aTypeThatCannotBeResolvedIsRefused() throws IOException {
        Schema writer = schema(field("id", "'string'"));
        byte[] file = file(writer, row(writer, "x"));

        assertThatThrownBy(() -> read(CONTRACT, file, RowOptions.defaults())).isInstanceOf(RowException.class);
    }

    @Test
    void aNullInARequiredColumnIsRefusedWithItsRow() throws IOException {
        Schema writer = schema(field("id", "['null','long']"));
        byte[] file = file(writer, row(writer, 1L), row(writer, (Object) null));

        assertThatThrownBy(() -> read(CONTRACT, file, RowOptions.defaults()))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("in, row 2");
    }

    @Test
    void extraColumnsAreRefusedUnlessIgnoredOrUsedByATemplate() throws IOException {
        Schema writer = schema(field("id", "'long'"), field("code", "'int'"));
        byte[] file = file(writer, row(writer, 1L, 7));

        assertThatThrownBy(() -> read(CONTRACT, file, RowOptions.defaults())).hasMessageContaining("no column [code]");
        assertThat(read(CONTRACT, file, new RowOptions(Set.of(), List.of(), true)))
                .hasSize(1);
        assertThat(read(CONTRACT, file, Rows.templates("name=c{code}"))
                        .get(0)
                        .record()
                        .get("name"))
                .isEqualTo("c7");
    }

    @Test
    void anAliasOfTheContractNamesTheColumnInTheFile() throws IOException {
        Contract renamed = contract("{'name':'id','type':'long','aliases':['old_id']}");
        Schema writer = schema(field("old_id", "'long'"));

        assertThat(read(renamed, file(writer, row(writer, 3L)), RowOptions.defaults())
                        .get(0)
                        .record()
                        .get("id"))
                .isEqualTo(3L);
    }

    @Test
    void whatIsNoAvroFileOrDamagedIsRefused() throws IOException {
        Schema writer = schema(field("id", "'long'"));
        byte[] file = file(writer, row(writer, 1L), row(writer, 2L));

        assertThatThrownBy(() -> read(CONTRACT, new byte[] {1, 2, 3, 4, 5}, RowOptions.defaults()))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("not an Avro object container file");
        assertThatThrownBy(() -> read(CONTRACT, Arrays.copyOf(file, file.length - 10), RowOptions.defaults()))
                .isInstanceOf(RowException.class);
    }

    private static List<Row> read(Contract contract, byte[] file, RowOptions options) throws IOException {
        return Rows.read(RowFormat.AVRO, contract, file, options);
    }

    private static GenericRecord row(Schema schema, Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    private static byte[] file(Schema schema, GenericRecord... rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(6)).create(schema, bytes);
            for (GenericRecord row : rows) {
                writer.append(row);
            }
        }
        return bytes.toByteArray();
    }
}
