package dev.millrace.cli.rows;

import static dev.millrace.cli.rows.Rows.contract;
import static dev.millrace.cli.rows.Rows.csv;
import static dev.millrace.cli.rows.Rows.field;
import static dev.millrace.cli.rows.Rows.templates;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that CSV files are read by their header, with quotes, NULLs and derived columns, and refused by line. */
class CsvRowSourceTest {
    private static final Contract CONTRACT =
            contract(field("id", "'int'"), field("name", "['null','string']"), field("delay", "['null','int']"));

    @Test
    void columnsAreFoundByNameInAnyOrder() throws IOException {
        List<Row> rows = csv(CONTRACT, "name,delay,id\r\nUA,5,1\r\nDL,-3,2");

        assertThat(rows)
                .extracting(row -> row.record().toString())
                .containsExactly(
                        "{\"id\": 1, \"name\": \"UA\", \"delay\": 5}", "{\"id\": 2, \"name\": \"DL\", \"delay\": -3}");
        assertThat(rows).extracting(row -> row.origin().toString()).containsExactly("in:2", "in:3");
    }

    @Test
    void quotesProtectCommasQuotesAndLineBreaks() throws IOException {
        List<Row> rows = csv(CONTRACT, "id,name,delay\n1,\"a,\"\"b\"\"\nc\",1\n\n2,d,2\n");

        assertThat(rows).extracting(row -> row.record().get("name")).containsExactly("a,\"b\"\nc", "d");
        assertThat(rows).extracting(row -> row.origin().number()).containsExactly(2L, 5L);
    }

    @Test
    void anEmptyValueIsNullAndAnEmptyTextInQuotesIsNot() throws IOException {
        List<Row> rows = csv(CONTRACT, "id,name,delay\n1,,\n2,\"\",3\n");

        assertThat(rows).extracting(row -> row.record().get("name")).containsExactly(null, "");
        assertThat(rows.get(0).record().get("delay")).isNull();
    }

    @Test
    void otherTextsCanStandForNull() throws IOException {
        RowOptions options = new RowOptions(Set.of("NA", "-"), List.of(), false);

        List<Row> rows = csv(CONTRACT, "id,name,delay\n1,,NA\n2,\"NA\",-\n", options);

        assertThat(rows).extracting(row -> row.record().get("name")).containsExactly("", null);
        assertThat(rows).extracting(row -> row.record().get("delay")).containsExactly(null, null);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        assertThat(csv(CONTRACT, "\ufeffid,name,delay\n1,a,2\n")).hasSize(1);
    }

    @Test
    void aColumnIsMadeOfOthersThatTheContractNeedNotHave() throws IOException {
        Contract contract = contract(field("flight_date", "{'type':'int','logicalType':'date'}"), field("id", "'int'"));

        List<Row> rows =
                csv(contract, "year,month,day,id\n2013,1,5,9\n", templates("flight_date={year}-{month}-{day}"));

        assertThat(rows.get(0).record().get("flight_date"))
                .isEqualTo((int) LocalDate.of(2013, 1, 5).toEpochDay());
    }

    @Test
    void aTemplateMayUseTheColumnThatItSetsAndIsNullWhereAPartIs() throws IOException {
        List<Row> rows = csv(CONTRACT, "id,name,delay\n1,a,2\n2,,2\n", templates("name={{{name}}}-{delay}"));

        assertThat(rows).extracting(row -> row.record().get("name")).containsExactly("{a}-2", null);
    }

    @Test
    void aTemplateThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> csv(CONTRACT, "id\n1\n", templates("nmae={id}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column [nmae]");
        assertThatThrownBy(() -> csv(CONTRACT, "id\n1\n", templates("name={idd}")))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("[idd]");
        assertThatThrownBy(() -> ColumnTemplate.parse("name={id")).hasMessageContaining("without its counterpart");
        assertThatThrownBy(() -> ColumnTemplate.parse("name")).hasMessageContaining("COLUMN=TEMPLATE");
    }

    @Test
    void columnsThatTheContractLacksAreRefusedUnlessIgnored() throws IOException {
        String text = "id,extra,name\n1,x,a\n";

        assertThatThrownBy(() -> csv(CONTRACT, text))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("in:1: the dataset 'flights' has no column [extra]")
                .hasMessageContaining("--ignore-extra");
        assertThat(csv(CONTRACT, text, new RowOptions(Set.of(), List.of(), true)))
                .hasSize(1);
    }

    @Test
    void missingColumnsAreNullOrTheirDefaultOrRefused() throws IOException {
        Contract withDefault = contract(field("id", "'int'"), "{'name':'kind','type':'string','default':'jet'}");

        assertThat(csv(CONTRACT, "id\n1\n").get(0).record().get("delay")).isNull();
        assertThat(csv(withDefault, "id\n1\n").get(0).record().get("kind")).hasToString("jet");
        assertThatThrownBy(() -> csv(CONTRACT, "name\nx\n"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("required columns [id]");
    }

    @Test
    void aBadValueIsNamedWithLineColumnAndType() {
        assertThatThrownBy(() -> csv(CONTRACT, "id,name\n1,\"two\nlines\"\n3000000000,x\n"))
                .isInstanceOf(RowException.class)
                .hasMessage(
                        "in:4: column 'id': the value '3000000000' does not fit; expected is int: a whole number from"
                                + " -2147483648 to 2147483647");
        assertThatThrownBy(() -> csv(CONTRACT, "id,name\n,x\n"))
                .hasMessageContaining("in:2: column 'id': the value is NULL, but the contract requires int");
    }

    @Test
    void aRowOfAnotherWidthIsRefused() {
        assertThatThrownBy(() -> csv(CONTRACT, "id,name\n1,a\n2,b,c\n"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("in:3: has 3 values, but the header has 2 columns");
    }

    @Test
    void whatIsNotCsvIsRefused() {
        assertThatThrownBy(() -> csv(CONTRACT, ""))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> csv(CONTRACT, "id,id\n1,2\n")).hasMessageContaining("[id] twice");
        assertThatThrownBy(() -> csv(CONTRACT, "id,name\n1,\"never ends\n"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("in:2: is not valid CSV");
        byte[] latin1 = "id,name\n1,Z\u00fcrich\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Rows.read(RowFormat.CSV, CONTRACT, latin1, RowOptions.defaults()))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("not valid UTF-8");
    }

    @Test
    void aZippedFileIsUnpackedAndADamagedOneRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("f.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("id,name\n1,a\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(RowFormat.ofFileName(file.toString())).contains(RowFormat.CSV);
        try (RowSource source = RowFormat.CSV.open(RowInput.file(file), CONTRACT, RowOptions.defaults())) {
            assertThat(Rows.all(source)).hasSize(1);
        }
        Path cut = Files.write(folder.resolve("cut.csv.gz"), java.util.Arrays.copyOf(Files.readAllBytes(file), 20));
        assertThatThrownBy(() -> RowFormat.CSV.open(RowInput.file(cut), CONTRACT, RowOptions.defaults()))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("gzip");
    }
}
