package dev.millrace.cli;

import static dev.millrace.cli.ForeignColumn.cell;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Columns of every plain type that Parquet knows, with extreme and ordinary values. */
final class ForeignColumns {
    private static final String INT = "\"int\"";
    private static final String LONG = "\"long\"";
    private static final String DOUBLE = "\"double\"";
    private static final String BYTES = "\"bytes\"";
    private static final int JULIAN_DAY_OF_1970 = 2_440_588;

    private ForeignColumns() {}

    static List<ForeignColumn> numbers() {
        return List.of(
                ForeignColumn.of("bool", "optional boolean %s;", "BOOLEAN", cell(true), cell(false))
                        .into("\"boolean\""),
                ForeignColumn.of(
                                "int8",
                                "optional int32 %s (INTEGER(8,true));",
                                "TINYINT",
                                cell(-128),
                                cell(0),
                                cell(127))
                        .into(INT, LONG),
                ForeignColumn.of(
                                "int16",
                                "optional int32 %s (INTEGER(16,true));",
                                "SMALLINT",
                                cell(-32_768),
                                cell(32_767))
                        .into(INT, LONG),
                ForeignColumn.of(
                                "int32",
                                "optional int32 %s;",
                                "INTEGER",
                                cell(Integer.MIN_VALUE),
                                cell(-1),
                                cell(Integer.MAX_VALUE))
                        .into(INT, LONG),
                ForeignColumn.of(
                                "int32_told",
                                "optional int32 %s (INTEGER(32,true));",
                                "INTEGER",
                                cell(Integer.MIN_VALUE),
                                cell(Integer.MAX_VALUE))
                        .into(INT, LONG),
                ForeignColumn.of(
                                "int64",
                                "optional int64 %s;",
                                "BIGINT",
                                cell(Long.MIN_VALUE),
                                cell(-1),
                                cell(Long.MAX_VALUE))
                        .into(LONG),
                ForeignColumn.of("uint8", "optional int32 %s (INTEGER(8,false));", "UTINYINT", cell(0), cell(255))
                        .into(INT, LONG),
                ForeignColumn.of("uint16", "optional int32 %s (INTEGER(16,false));", "USMALLINT", cell(0), cell(65_535))
                        .into(INT, LONG),
                ForeignColumn.of(
                                "uint32",
                                "optional int32 %s (INTEGER(32,false));",
                                "UINTEGER",
                                cell(Integer.MAX_VALUE),
                                cell(Integer.MIN_VALUE, "2147483648"),
                                cell(-1, "4294967295"))
                        .into(LONG),
                ForeignColumn.of(
                        "uint64",
                        "optional int64 %s (INTEGER(64,false));",
                        "UBIGINT",
                        cell(Long.MAX_VALUE),
                        cell(Long.MIN_VALUE, "9223372036854775808"),
                        cell(-1L, "18446744073709551615")),
                ForeignColumn.of(
                                "float",
                                "optional float %s;",
                                "FLOAT",
                                cell(0.1f),
                                cell(Float.NaN, "nan"),
                                cell(Float.POSITIVE_INFINITY, "inf"),
                                cell(Float.NEGATIVE_INFINITY, "-inf"),
                                cell(Float.MIN_VALUE, "1e-45"),
                                cell(-Float.MAX_VALUE, "-3.4028235e+38"),
                                new ForeignColumn.Cell(-0f, "0.0", "-0.0"))
                        .into("\"float\""),
                ForeignColumn.of(
                                "double",
                                "optional double %s;",
                                "DOUBLE",
                                cell(0.1),
                                cell(Double.NaN, "nan"),
                                cell(Double.POSITIVE_INFINITY, "inf"),
                                cell(Double.NEGATIVE_INFINITY, "-inf"),
                                cell(Double.MIN_VALUE, "5e-324"),
                                cell(-Double.MAX_VALUE, "-1.7976931348623157e+308"),
                                new ForeignColumn.Cell(-0.0, "0.0", "-0.0"))
                        .into(DOUBLE),
                ForeignColumn.of(
                                "float16",
                                "optional fixed_len_byte_array(2) %s (FLOAT16);",
                                "FLOAT",
                                cell(hex("003e"), "1.5"),
                                cell(hex("007e"), "nan"),
                                cell(hex("007c"), "inf"),
                                cell(hex("00fc"), "-inf"),
                                cell(hex("ff7b"), "65504.0"),
                                cell(hex("0100"), "5.9604645e-08"),
                                new ForeignColumn.Cell(hex("0080"), "0.0", "-0.0"))
                        .into("\"float\""),
                decimal("decimal_int32", "int32", 9, 2, "-9999999.99", "0.00", "-0.01", "9999999.99"),
                decimal("decimal_int64", "int64", 18, 6, "-999999999999.999999", "0.000001", "999999999999.999999"),
                decimal(
                        "decimal_fixed",
                        "fixed_len_byte_array(16)",
                        38,
                        10,
                        "-9999999999999999999999999999.9999999999",
                        "-0.0000000001",
                        "0.0000000000",
                        "9999999999999999999999999999.9999999999"),
                decimal("decimal_short_fixed", "fixed_len_byte_array(5)", 10, 0, "-9999999999", "-1", "9999999999"),
                decimal(
                        "decimal_binary",
                        "binary",
                        38,
                        0,
                        "-99999999999999999999999999999999999999",
                        "-128",
                        "128",
                        "0",
                        "99999999999999999999999999999999999999"),
                decimal("decimal_fraction", "binary", 4, 4, "-0.9999", "0.0001", "0.9999"),
                decimal("decimal_one_digit", "int32", 1, 0, "-9", "9"));
    }

    static List<ForeignColumn> texts() {
        return List.of(
                ForeignColumn.of(
                                "text",
                                "optional binary %s (STRING);",
                                "VARCHAR",
                                cell(""),
                                cell(" "),
                                cell("NULL"),
                                cell("Zürich"),
                                cell("u\u0308 \uD83D\uDE00"),
                                cell("it's \"so\"\n"),
                                cell("a\0b"),
                                cell("long ".repeat(1_000)))
                        .into("\"string\""),
                ForeignColumn.of("enum", "optional binary %s (ENUM);", "VARCHAR", cell("RED"), cell(""))
                        .into("\"string\""),
                ForeignColumn.of("json", "optional binary %s (JSON);", "JSON", cell("{\"a\": [1, null]}"), cell("7"))
                        .by("goes into no contract's column, only into a new one"),
                ForeignColumn.of(
                                "bytes",
                                "optional binary %s;",
                                "BLOB",
                                cell(hex(""), ""),
                                cell(hex("00ff80"), "\\x00\\xFF\\x80"),
                                cell(hex("41"), "A"))
                        .into(BYTES),
                ForeignColumn.of(
                                "fixed",
                                "optional fixed_len_byte_array(3) %s;",
                                "BLOB",
                                cell(hex("000000"), "\\x00\\x00\\x00"),
                                cell(hex("ff00ff"), "\\xFF\\x00\\xFF"))
                        .into(BYTES),
                ForeignColumn.of(
                                "uuid",
                                "optional fixed_len_byte_array(16) %s (UUID);",
                                "UUID",
                                cell(hex("00".repeat(16)), "00000000-0000-0000-0000-000000000000"),
                                cell(hex("01989a3c7f0070008000000000000001"), "01989a3c-7f00-7000-8000-000000000001"),
                                cell(hex("ff".repeat(16)), "ffffffff-ffff-ffff-ffff-ffffffffffff"))
                        .into("{\"type\": \"string\", \"logicalType\": \"uuid\"}"));
    }

    static List<ForeignColumn> times() {
        return List.of(
                ForeignColumn.of(
                                "date",
                                "optional int32 %s (DATE);",
                                "DATE",
                                cell(-1, "1969-12-31"),
                                cell(-719_162, "0001-01-01"),
                                cell(-719_163, "0001-12-31 (BC)"),
                                cell(2_932_896, "9999-12-31"))
                        .into(logical("int", "date")),
                ForeignColumn.of(
                                "time_millis",
                                "optional int32 %s (TIME(MILLIS,false));",
                                "TIME",
                                cell(0, "00:00:00"),
                                cell(86_399_999, "23:59:59.999"))
                        .into(logical("int", "time-millis")),
                ForeignColumn.of(
                                "time_micros",
                                "optional int64 %s (TIME(MICROS,false));",
                                "TIME",
                                cell(1L, "00:00:00.000001"),
                                cell(86_399_999_999L, "23:59:59.999999"))
                        .into(logical("long", "time-micros")),
                ForeignColumn.of(
                                "time_nanos",
                                "optional int64 %s (TIME(NANOS,false));",
                                "TIME",
                                cell(1_000L, "00:00:00.000001"),
                                cell(86_399_999_999_999L, "23:59:59.999999"))
                        .into(logical("long", "time-micros"))
                        .by("nanoseconds are cut to microseconds"),
                ForeignColumn.of(
                                "time_millis_utc",
                                "optional int32 %s (TIME(MILLIS,true));",
                                "TIME",
                                cell(1, "00:00:00.001"))
                        .into(logical("int", "time-millis"))
                        .by("what pyarrow writes; the lake's times of day have no zone"),
                ForeignColumn.of(
                                "time_micros_utc",
                                "optional int64 %s (TIME(MICROS,true));",
                                "TIME",
                                cell(1L, "00:00:00.000001"),
                                cell(86_399_999_999L, "23:59:59.999999"))
                        .into(logical("long", "time-micros"))
                        .by("what pyarrow writes; the lake's times of day have no zone"),
                ForeignColumn.of(
                                "time_nanos_utc",
                                "optional int64 %s (TIME(NANOS,true));",
                                "TIME",
                                cell(1_999L, "00:00:00.000001"))
                        .into(logical("long", "time-micros"))
                        .by("nanoseconds are cut to microseconds; the lake's times of day have no zone"),
                ForeignColumn.of(
                                "local_millis",
                                "optional int64 %s (TIMESTAMP(MILLIS,false));",
                                "TIMESTAMP",
                                cell(-1L, "1969-12-31 23:59:59.999"),
                                cell(-62_135_596_800_000L, "0001-01-01 00:00:00"),
                                cell(253_402_300_799_999L, "9999-12-31 23:59:59.999"))
                        .into(logical("long", "local-timestamp-millis"), logical("long", "local-timestamp-micros")),
                ForeignColumn.of(
                                "local_micros",
                                "optional int64 %s (TIMESTAMP(MICROS,false));",
                                "TIMESTAMP",
                                cell(-1L, "1969-12-31 23:59:59.999999"),
                                cell(-62_135_596_800_000_000L, "0001-01-01 00:00:00"),
                                cell(253_402_300_799_999_999L, "9999-12-31 23:59:59.999999"))
                        .into(logical("long", "local-timestamp-micros")),
                ForeignColumn.of(
                                "local_nanos",
                                "optional int64 %s (TIMESTAMP(NANOS,false));",
                                "TIMESTAMP_NS",
                                cell(-1L, "1969-12-31 23:59:59.999999999"),
                                cell(1L, "1970-01-01 00:00:00.000000001"),
                                cell(Long.MAX_VALUE - 1, "2262-04-11 23:47:16.854775806"))
                        .into(logical("long", "local-timestamp-nanos")),
                ForeignColumn.of(
                                "instant_millis",
                                "optional int64 %s (TIMESTAMP(MILLIS,true));",
                                "TIMESTAMP WITH TIME ZONE",
                                cell(-1L, "1969-12-31 23:59:59.999+00"),
                                cell(-62_135_596_800_000L, "0001-01-01 00:00:00+00"),
                                cell(253_402_300_799_999L, "9999-12-31 23:59:59.999+00"))
                        .into(logical("long", "timestamp-millis"), logical("long", "timestamp-micros")),
                ForeignColumn.of(
                                "instant_micros",
                                "optional int64 %s (TIMESTAMP(MICROS,true));",
                                "TIMESTAMP WITH TIME ZONE",
                                cell(-1L, "1969-12-31 23:59:59.999999+00"),
                                cell(-62_135_596_800_000_000L, "0001-01-01 00:00:00+00"),
                                cell(253_402_300_799_999_999L, "9999-12-31 23:59:59.999999+00"))
                        .into(logical("long", "timestamp-micros")),
                ForeignColumn.of(
                                "instant_nanos",
                                "optional int64 %s (TIMESTAMP(NANOS,true));",
                                "TIMESTAMP WITH TIME ZONE",
                                cell(1_999L, "1970-01-01 00:00:00.000001+00"),
                                cell(-1_000L, "1969-12-31 23:59:59.999999+00"),
                                cell(-1L, "1970-01-01 00:00:00+00"))
                        .into(logical("long", "timestamp-nanos"), logical("long", "timestamp-micros"))
                        .by("nanoseconds are cut to microseconds, toward 1970"),
                ForeignColumn.of(
                                "int96",
                                "optional int96 %s;",
                                "TIMESTAMP",
                                cell(int96(0, 0), "1970-01-01 00:00:00"),
                                cell(int96(-1, 86_399_999_999_000L), "1969-12-31 23:59:59.999999"),
                                cell(int96(-1, 86_399_999_999_999L), "1969-12-31 23:59:59.999999"),
                                cell(int96(-719_162, 0), "0001-01-01 00:00:00"),
                                cell(int96(2_932_896, 86_399_999_999_000L), "9999-12-31 23:59:59.999999"),
                                cell(int96(0, 1_999), "1970-01-01 00:00:00.000001"))
                        .into(logical("long", "local-timestamp-micros"))
                        .by("tells no time zone; nanoseconds are cut to microseconds, downward; a day more than 292,000"
                                + " years away is read as another one"));
    }

    private static ForeignColumn decimal(String name, String physical, int precision, int scale, String... values) {
        ForeignColumn.Cell[] cells = Arrays.stream(values)
                .map(value -> cell(
                        unscaled(physical, new BigDecimal(value)),
                        precision == scale ? value.replace("0.", ".") : value))
                .toArray(ForeignColumn.Cell[]::new);
        return ForeignColumn.of(
                        name,
                        "optional " + physical + " %s (DECIMAL(" + precision + "," + scale + "));",
                        "DECIMAL(" + precision + "," + scale + ")",
                        cells)
                .into("{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": " + precision
                        + ", \"scale\": " + scale + "}");
    }

    private static Object unscaled(String physical, BigDecimal value) {
        if (physical.startsWith("int")) {
            return value.unscaledValue().longValueExact();
        }
        byte[] bytes = value.unscaledValue().toByteArray();
        if (physical.equals("binary")) {
            return bytes;
        }
        byte[] fixed = new byte[Integer.parseInt(physical.replaceAll("\\D", ""))];
        Arrays.fill(fixed, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(bytes, 0, fixed, fixed.length - bytes.length, bytes.length);
        return fixed;
    }

    /** As Impala, Hive and old versions of Spark write an instant. */
    static byte[] int96(int daysSince1970, long nanosOfDay) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(nanosOfDay)
                .putInt(daysSince1970 + JULIAN_DAY_OF_1970)
                .array();
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static String logical(String type, String logicalType) {
        return "{\"type\": \"" + type + "\", \"logicalType\": \"" + logicalType + "\"}";
    }
}
