package dev.millrace.cli.rows;

import static dev.millrace.cli.rows.Rows.contract;
import static dev.millrace.cli.rows.Rows.field;
import static dev.millrace.cli.rows.Rows.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves that JSON lines are read with nested values and every digit, and refused by line and path. */
class JsonRowSourceTest {
    private static final Contract CONTRACT = contract(
            field("id", "'long'"),
            field(
                    "legs",
                    "['null',{'type':'array','items':{'type':'record','name':'Leg','fields':["
                            + "{'name':'to','type':'string'},{'name':'miles','type':['null','int'],'default':null}]}}]"),
            field("fare", "['null',{'type':'bytes','logicalType':'decimal','precision':38,'scale':10}]"));

    @Test
    void nestedValuesAreRead() throws IOException {
        List<Row> rows = json(
                CONTRACT,
                "{\"id\":1,\"legs\":[{\"to\":\"JFK\",\"miles\":12},{\"to\":\"SFO\"}]}\n\n{\"id\": 2, \"legs\": null}");

        assertThat(rows.get(0).record().get("legs"))
                .hasToString("[{\"to\": \"JFK\", \"miles\": 12}, {\"to\": \"SFO\", \"miles\": null}]");
        assertThat(rows).extracting(row -> row.origin().toString()).containsExactly("in:1", "in:3");
    }

    @Test
    void numbersKeepEveryDigit() throws IOException {
        List<Row> rows =
                json(CONTRACT, "{\"id\":9223372036854775807,\"fare\":1234567890123456789012345678.0123456789}\n");

        assertThat(rows.get(0).record().get("id")).isEqualTo(Long.MAX_VALUE);
        assertThat(rows.get(0).record().get("fare"))
                .isEqualTo(ByteBuffer.wrap(new BigInteger("12345678901234567890123456780123456789").toByteArray()));
    }

    @Test
    void aBadValueIsNamedWithItsPath() {
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1}\n{\"id\":2,\"legs\":[{\"to\":\"X\"},{\"to\":7}]}\n"))
                .isInstanceOf(RowException.class)
                .hasMessage("in:2: column 'legs[1].to': the value '7' does not fit; expected is string");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1,\"legs\":[{\"to\":\"X\",\"via\":1}]}"))
                .hasMessageContaining("'legs[0].via': the contract has no such field");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1,\"legs\":[{}]}"))
                .hasMessageContaining("'legs[0].to': is missing");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":true}")).hasMessageContaining("the value 'true'");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":null}")).hasMessageContaining("NULL");
        assertThatThrownBy(() -> json(CONTRACT, "{}")).hasMessageContaining("column 'id': is missing");
    }

    @Test
    void keysThatTheContractLacksOrThatStandTwiceAreRefused() {
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1,\"idd\":1}")).hasMessageContaining("no column [idd]");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1,\"id\":2}"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("Duplicate");
    }

    @Test
    void whatIsNotAnObjectALineIsRefused() {
        assertThatThrownBy(() -> json(CONTRACT, "[{\"id\":1}]"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("one JSON object a line");
        assertThatThrownBy(() -> json(CONTRACT, "{\"id\":1}\n{\"id\":"))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("in:2: is not valid JSON");
    }

    @Test
    void aTemplateReadsTheTextOfOtherKeys() throws IOException {
        RowOptions options = Rows.templates("name={a}/{b}");
        Contract contract = contract(field("name", "['null','string']"));

        List<Row> rows =
                Rows.read(RowFormat.JSONL, contract, "{\"a\":1.50,\"b\":\"x\"}\n{\"a\":null,\"b\":1}", options);

        assertThat(rows).extracting(row -> row.record().get("name")).containsExactly("1.50/x", null);
        assertThatThrownBy(() -> Rows.read(RowFormat.JSONL, contract, "{\"a\":1}", options))
                .isInstanceOf(RowException.class)
                .hasMessageContaining("names 'b'");
    }
}
