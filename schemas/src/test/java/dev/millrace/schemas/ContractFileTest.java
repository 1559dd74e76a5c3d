package dev.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that a contract file is read as it is meant, and that every mistake in it is named with the file and the way out. */
class ContractFileTest {
    private static final String SCHEMA = """
            {"type": "record", "name": "Flight", "fields": [
              {"name": "carrier", "type": "string"},
              {"name": "flight_date", "type": {"type": "int", "logicalType": "date"}},
              {"name": "time_hour", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "stops", "type": {"type": "array", "items": "string"}}
            ]}
            """;

    private static final String VERSIONED = """
            {"type": "record", "name": "Flight", "fields": [
              {"name": "carrier", "type": "string"},
              {"name": "number", "type": ["null", "int"]},
              {"name": "changed_at", "type": ["null", "long"]},
              {"name": "weight", "type": "double"},
              {"name": "gone", "type": ["null", "boolean"]}
            ]}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSchema() throws IOException {
        Files.writeString(folder.resolve("flights.avsc"), SCHEMA);
        Files.writeString(folder.resolve("versioned.avsc"), VERSIONED);
    }

    @Test
    void readsAFullContract() throws IOException {
        Contract contract = read("""
                dataset: flights
                schema: flights.avsc
                partition-by: [flight_date]
                sort-by: [time_hour, carrier]
                mode: append
                evolution: strict
                """);

        assertThat(contract.dataset()).isEqualTo(DatasetName.parse("flights"));
        assertThat(contract.partitionBy()).containsExactly("flight_date");
        assertThat(contract.sortBy()).containsExactly("time_hour", "carrier");
        assertThat(contract.mode()).isEqualTo(WriteMode.APPEND);
        assertThat(contract.evolution()).isEqualTo(EvolutionPolicy.STRICT);
        assertThat(contract.columns())
                .extracting(Column::name)
                .isEqualTo(List.of("carrier", "flight_date", "time_hour", "stops"));
        assertThat(contract.eventTimeColumn()).map(Column::name).contains("time_hour");
    }

    @Test
    void readsTheModeUpsert() throws IOException {
        Contract contract = read("""
                dataset: flights
                schema: versioned.avsc
                mode: upsert
                key: [carrier, number]
                version: changed_at
                delete-marker: gone
                """);

        assertThat(contract.mode())
                .isEqualTo(new WriteMode.Upsert(
                        List.of("carrier", "number"), Optional.of("changed_at"), Optional.of("gone")));
        assertThat(contract.columns().stream().filter(contract::requires).map(Column::name))
                .containsExactly("carrier", "number", "changed_at", "weight");
        assertThat(contract.deletedKeys()).hasValueSatisfying(deleted -> {
            assertThat(deleted.dataset()).isEqualTo(new DatasetName("millrace_deleted", "flights"));
            assertThat(deleted.columns()).extracting(Column::name).containsExactly("carrier", "number", "changed_at");
        });
        assertThat(read("dataset: a.b\nschema: versioned.avsc\nmode: upsert\nkey: carrier\n")
                        .deletedKeys())
                .isEmpty();
    }

    @Test
    void fillsInTheDefaults() throws IOException {
        Contract contract = read("dataset: flights\nschema: flights.avsc\n");

        assertThat(contract.partitionBy()).isEmpty();
        assertThat(contract.sortBy()).isEmpty();
        assertThat(contract.mode()).isEqualTo(WriteMode.APPEND);
        assertThat(contract.evolution()).isEqualTo(EvolutionPolicy.ADD_COLUMNS);
        assertThat(contract.eventTimeColumn()).isEmpty();
    }

    @Test
    void theEventTimeMayComeFromThePartition() throws IOException {
        assertThat(read("dataset: flights\nschema: flights.avsc\nsort-by: carrier\npartition-by: flight_date\n")
                        .eventTimeColumn())
                .map(Column::name)
                .contains("flight_date");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dataset: flights#schema: flights.avsc#sortby: [carrier]|unknown key 'sortby'|did you mean 'sort-by'",
                "dataset: flights#schema: flights.avsc#mode: upsurt|'upsurt'|allowed are append, upsert",
                "dataset: flights#schema: flights.avsc#mode: upsert|needs the key|'key'",
                "dataset: flights#schema: flights.avsc#key: [carrier]|'key'|'mode: append'",
                "dataset: flights#schema: flights.avsc#mode: upsert#key: [nope]|'nope'|carrier, flight_date",
                "dataset: flights#schema: flights.avsc#mode: upsert#key: [stops]|'stops'|nested type VARCHAR[]",
                "dataset: flights#schema: versioned.avsc#mode: upsert#key: [weight]|'weight'|floating-point",
                "dataset: flights#schema: versioned.avsc#mode: upsert#key: [carrier]#version: weight|'weight'|whole"
                        + " number",
                "dataset: flights#schema: versioned.avsc#mode: upsert#key: [carrier]#version: carrier|'carrier'|only"
                        + " once",
                "dataset: flights#schema: versioned.avsc#mode: upsert#key: [carrier]#delete-marker:"
                        + " number|'number'|boolean column",
                "dataset: flights#schema: flights.avsc#evolution: none|'none'|strict, add-columns",
                "schema: flights.avsc|'dataset'|is missing",
                "dataset: flights|'schema'|is missing",
                "dataset: Flights#schema: flights.avsc|'main.Flights'|lower-case",
                "dataset: flights#schema: none.avsc|none.avsc|cannot be read",
                "dataset: flights#schema: bad.avsc|bad.avsc|not a valid Avro schema",
                "dataset: flights#schema: names.avsc|'Filename'|another name",
                "dataset: flights#schema: flights.avsc#sort-by: [nope]|'nope'|carrier, flight_date",
                "dataset: flights#schema: flights.avsc#sort-by: [stops]|'stops'|nested type VARCHAR[]",
                "dataset: flights#schema: flights.avsc#sort-by: [carrier, carrier]|'carrier'|twice",
                "dataset: flights#schema: flights.avsc#sort-by: {a: b}|'sort-by'|a list of columns",
                "dataset: flights#schema: flights.avsc#sort-by: [[carrier]]|'sort-by'|a list of columns",
                "dataset: [flights]#schema: flights.avsc|'dataset'|takes one value",
                "dataset: flights#dataset: other#schema: flights.avsc|'dataset'|uplicate",
                "- dataset|'key: value'|this is not one",
                "dataset: [|not valid YAML|line"
            })
    void namesEveryMistake(String lines, String what, String remedy) throws IOException {
        Files.writeString(folder.resolve("bad.avsc"), "{\"type\": \"rekord\"}");
        Files.writeString(
                folder.resolve("names.avsc"),
                "{\"type\": \"record\", \"name\": \"F\", \"fields\": [{\"name\": \"Filename\", \"type\":"
                        + " \"string\"}]}");

        assertThatThrownBy(() -> read(lines.replace('#', '\n')))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContainingAll(folder.resolve("flights.yaml").toString(), what, remedy);
    }

    @Test
    void namesAnEmptyAndAMissingFile() {
        assertThatThrownBy(() -> read("")).hasMessageContainingAll("flights.yaml", "key: value");
        assertThatThrownBy(() -> ContractFile.read(folder.resolve("none.yaml")))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContainingAll("none.yaml", "cannot be read");
    }

    @Test
    void aFolderHoldsOneContractADataset() throws IOException {
        read("dataset: flights\nschema: flights.avsc\n");
        Files.writeString(folder.resolve(".draft.yaml"), "not: read");
        ContractFolder contracts = ContractFolder.read(folder);

        assertThat(contracts.require(DatasetName.parse("flights")).schema().getName())
                .isEqualTo("Flight");
        assertThatThrownBy(() -> contracts.require(DatasetName.parse("trains")))
                .hasMessageContainingAll("'trains'", "flights", "trains.yaml");

        Files.writeString(folder.resolve("again.yml"), "dataset: flights\nschema: flights.avsc\n");
        assertThatThrownBy(() -> ContractFolder.read(folder)).hasMessageContainingAll("'flights'", "second contract");
        assertThatThrownBy(() -> ContractFolder.read(folder.resolve("none"))).hasMessageContaining("does not exist");
    }

    private Contract read(String content) throws IOException {
        return ContractFile.read(Files.writeString(folder.resolve("flights.yaml"), content));
    }
}
