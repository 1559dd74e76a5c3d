package dev.millrace.cli.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that text becomes each Avro type exactly, or is refused; nothing is cut off, rounded or guessed. */
class ValueConverterTest {
    private static final String DATE = "{'type':'int','logicalType':'date'}";
    private static final String TIMESTAMP = "{'type':'long','logicalType':'timestamp-micros'}";
    private static final String LOCAL = "{'type':'long','logicalType':'local-timestamp-millis'}";
    private static final String DECIMAL = "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'int' | 42 | 42",
                "'int' | ` +7 ` | 7",
                "'int' | 12.0 | 12",
                "'int' | -2147483648 | -2147483648",
                "'long' | 9223372036854775807 | 9223372036854775807",
                "'boolean' | TRUE | true",
                "'boolean' | false | false",
                "'double' | 1e3 | 1000.0",
                "'double' | nan | NaN",
                "'double' | -Inf | -Infinity",
                "'float' | 0.5 | 0.5",
                "'string' | ` as it is ` | ` as it is `",
                "{'type':'string','logicalType':'uuid'} | 0198D3A0-0000-7000-8000-000000000001 | 0198d3a0-0000-7000-8000-000000000001",
                "{'type':'enum','name':'E','symbols':['A','B']} | B | B",
                "{'type':'int','logicalType':'time-millis'} | 05:15 | 18900000",
                "{'type':'long','logicalType':'time-micros'} | 00:00:01.000002 | 1000002",
                "{'type':'array','items':'int'} | [1, 2] | [1, 2]",
                "{'type':'map','values':'long'} | {\"a\": 1} | {a=1}",
                "['null',{'type':'record','name':'P','fields':[{'name':'x','type':'int'}]}] | {\"x\": 3} | {\"x\": 3}",
            })
    void fits(String type, String text, String value) {
        assertThat(convert(type, text)).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'int' | 2147483648",
                "'int' | 12.5",
                "'int' | 1e999999999",
                "'int' | twelve",
                "'long' | 9223372036854775808",
                "'boolean' | 1",
                "'double' | 1e999",
                "'double' | 1d",
                "'double' | 0x1p3",
                "'float' | 1e39",
                "{'type':'string','logicalType':'uuid'} | 1-1-1-1-1",
                "{'type':'enum','name':'E','symbols':['A','B']} | C",
                "{'type':'int','logicalType':'date'} | 2013-02-29",
                "{'type':'int','logicalType':'date'} | 13-01-05",
                "{'type':'int','logicalType':'date'} | 2013-01-05T00:00",
                "{'type':'int','logicalType':'time-millis'} | 00:00:00.0001",
                "{'type':'int','logicalType':'time-millis'} | 24:00",
                "{'type':'long','logicalType':'timestamp-micros'} | 2013-01-05T10:00:00",
                "{'type':'long','logicalType':'timestamp-micros'} | 2013-01-05T10:00:00.0000001Z",
                "{'type':'long','logicalType':'timestamp-micros'} | 1357380000",
                "{'type':'long','logicalType':'timestamp-nanos'} | 2500-01-01T00:00:00Z",
                "{'type':'long','logicalType':'local-timestamp-millis'} | 2013-01-05T10:00:00Z",
                "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2} | 1.505",
                "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2} | 1000",
                "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2} | 1e999999999",
                "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2} | 1e-999999999",
                "'bytes' | not base64!",
                "{'type':'fixed','name':'F','size':2} | AQID",
                "{'type':'array','items':'int'} | 1",
                "{'type':'array','items':'int'} | [1] 2",
                "{'type':'map','values':'long'} | {\"a\": 1",
            })
    void doesNotFit(String type, String text) {
        assertThatThrownBy(() -> convert(type, text))
                .isInstanceOf(UnfitValueException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("expected is");
    }

    @ParameterizedTest
    @CsvSource({
        "2013-01-05T10:00:00Z",
        "2013-01-05T10:00Z",
        "2013-1-5 10:00:00.000000+00",
        "2013-01-05T11:00:00+01:00",
        "2013-01-05T11:00:00+0100",
        "2013-01-05T11:00:00+01:00[Europe/Paris]",
        "2013-01-05T11:00:00[Europe/Paris]"
    })
    void anInstantIsReadInAnyZone(String text) {
        assertThat(convert(TIMESTAMP, text))
                .isEqualTo(Instant.parse("2013-01-05T10:00:00Z").getEpochSecond() * 1_000_000);
    }

    @Test
    void timesBeforeTheEpochKeepTheirFraction() {
        assertThat(convert(TIMESTAMP, "1969-12-31T23:59:59.999999Z")).isEqualTo(-1L);
        assertThat(convert(LOCAL, "1969-12-31 23:59:59.999")).isEqualTo(-1L);
    }

    @Test
    void aDateNeedsNoLeadingZeros() {
        int day = (int) LocalDate.of(2013, 1, 5).toEpochDay();

        assertThat(convert(DATE, "2013-01-05")).isEqualTo(day);
        assertThat(convert(DATE, "2013-1-5")).isEqualTo(day);
    }

    @Test
    void aDecimalIsStoredUnscaled() {
        assertThat(convert(DECIMAL, "-1.5"))
                .isEqualTo(ByteBuffer.wrap(BigInteger.valueOf(-150).toByteArray()));
        assertThat(convert(DECIMAL, "999.990"))
                .isEqualTo(ByteBuffer.wrap(BigInteger.valueOf(99_999).toByteArray()));
        assertThat(convert(DECIMAL, "0e9")).isEqualTo(ByteBuffer.wrap(new byte[] {0}));
        GenericFixed fixed = (GenericFixed)
                convert("{'type':'fixed','name':'D','size':4,'logicalType':'decimal','precision':5,'scale':2}", "-1.5");
        assertThat(fixed.bytes()).containsExactly(-1, -1, -1, 106);
    }

    @Test
    void bytesAreBase64() {
        assertThat(convert("'bytes'", "AQID")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(((GenericFixed) convert("{'type':'fixed','name':'F','size':3}", "AQID")).bytes())
                .containsExactly(1, 2, 3);
    }

    @Test
    void theAllowedSymbolsOfAnEnumAreNamed() {
        assertThatThrownBy(() -> convert("{'type':'enum','name':'E','symbols':['A','B']}", "a"))
                .hasMessageContaining("one of [A, B]");
    }

    @Test
    void aLongValueIsShownInPart() {
        assertThatThrownBy(() -> convert("'int'", "x".repeat(5_000)))
                .hasMessageContaining("(5000 characters)")
                .hasMessageMatching(".{0,400}");
    }

    private static Object convert(String type, String text) {
        Schema schema = new Schema.Parser().parse(type.replace('\'', '"'));
        return ValueConverter.of(schema, false).ofText(text);
    }
}
