package dev.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves the lake type of every Avro type, and that what has none is refused by the path of its field. */
class AvroTypeMappingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"boolean\"|BOOLEAN",
                "\"int\"|INTEGER",
                "\"long\"|BIGINT",
                "\"float\"|FLOAT",
                "\"double\"|DOUBLE",
                "\"string\"|VARCHAR",
                "\"bytes\"|BLOB",
                "{\"type\": \"fixed\", \"name\": \"F\", \"size\": 4}|BLOB",
                "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\"]}|VARCHAR",
                "{\"type\": \"string\", \"logicalType\": \"uuid\"}|UUID",
                "{\"type\": \"fixed\", \"name\": \"U\", \"size\": 16, \"logicalType\": \"uuid\"}|UUID",
                "{\"type\": \"int\", \"logicalType\": \"date\"}|DATE",
                "{\"type\": \"int\", \"logicalType\": \"time-millis\"}|TIME",
                "{\"type\": \"long\", \"logicalType\": \"time-micros\"}|TIME",
                "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}|TIMESTAMP WITH TIME ZONE",
                "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}|TIMESTAMP WITH TIME ZONE",
                "{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}|TIMESTAMP WITH TIME ZONE",
                "{\"type\": \"long\", \"logicalType\": \"local-timestamp-millis\"}|TIMESTAMP",
                "{\"type\": \"long\", \"logicalType\": \"local-timestamp-micros\"}|TIMESTAMP",
                "{\"type\": \"long\", \"logicalType\": \"local-timestamp-nanos\"}|TIMESTAMP_NS",
                "{\"type\": \"long\", \"logicalType\": \"of-another-maker\"}|BIGINT",
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 9, \"scale\": 2}|DECIMAL(9,2)",
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 38}|DECIMAL(38,0)",
                "{\"type\": \"array\", \"items\": [\"null\", \"long\"]}|BIGINT[]",
                "{\"type\": \"map\", \"values\": \"double\"}|MAP(VARCHAR, DOUBLE)",
                "{\"type\": \"record\", \"name\": \"R\", \"fields\": [{\"name\": \"a\", \"type\": \"int\"}]}|STRUCT(\"a\" INTEGER)"
            })
    void mapsEachType(String avro, String sql) {
        Column required = AvroTypeMapping.columns(record(avro)).get(0);
        Column optional =
                AvroTypeMapping.columns(record("[\"null\", " + avro + "]")).get(0);

        assertThat(required.type().sql()).isEqualTo(sql);
        assertThat(required.required()).isTrue();
        assertThat(optional).isEqualTo(new Column("x", required.type(), false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[\"int\", \"string\"]|'x'|union of [int, string]",
                "\"null\"|'x'|null alone",
                "[\"null\"]|'x'|union of []",
                "{\"type\": \"array\", \"items\": [\"int\", \"string\"]}|'x[]'|union",
                "{\"type\": \"map\", \"values\": \"null\"}|'x{}'|null alone",
                "{\"type\": \"bytes\", \"logicalType\": \"big-decimal\"}|'x'|big-decimal",
                "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": 39, \"scale\": 2}|'x'|decimal(39,2)",
                "{\"type\": \"record\", \"name\": \"Q\", \"fields\": []}|'x'|has no fields",
                "{\"type\": \"record\", \"name\": \"Q\", \"fields\": [{\"name\": \"y\", \"type\": [\"null\", \"Q\"]}]}"
                        + "|'x.y'|contains itself",
                "{\"type\": \"record\", \"name\": \"Q\", \"fields\": [{\"name\": \"y\", \"type\": \"int\"},"
                        + " {\"name\": \"Y\", \"type\": \"int\"}]}|'x.Y'|upper and lower case"
            })
    void namesThePathOfWhatHasNoLakeType(String avro, String path, String why) {
        assertThatThrownBy(() -> AvroTypeMapping.columns(record(avro)))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContainingAll(path, why);
    }

    @Test
    void aDatasetIsARecord() {
        assertThatThrownBy(() -> AvroTypeMapping.columns(Schema.create(Schema.Type.STRING)))
                .hasMessageContainingAll("record", "string");
    }

    @Test
    void theSameRecordMayStandInTwoFields() {
        Schema schema = new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"T\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"record\","
                                + " \"name\": \"P\", \"fields\": [{\"name\": \"v\", \"type\": \"int\"}]}}, {\"name\": \"b\", \"type\": \"P\"}]}");

        assertThat(AvroTypeMapping.columns(schema)).extracting(Column::name).isEqualTo(List.of("a", "b"));
    }

    private static Schema record(String fieldType) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"T\", \"fields\": [{\"name\": \"x\", \"type\": " + fieldType
                        + "}]}");
    }
}
