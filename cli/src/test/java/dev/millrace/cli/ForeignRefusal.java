package dev.millrace.cli;

import static dev.millrace.cli.ForeignColumns.hex;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * A file that is refused, with the column {@code c} or one of the contract's.
 *
 * @param what it has
 * @param parquet the type of its column
 * @param value in its one row
 * @param reason the code of the quarantine
 * @param message a part of what is said
 */
record ForeignRefusal(
        String what,
        String parquet,
        Object value,
        UnaryOperator<ExampleParquetWriter.Builder> properties,
        String reason,
        String message) {
    /** The fields of the contract beside {@code id}. */
    static final String CONTRACT = """
            , {"name": "i", "type": ["null", "int"]}, {"name": "l", "type": ["null", "long"]}
            , {"name": "f", "type": ["null", "float"]}, {"name": "s", "type": ["null", "string"]}
            , {"name": "u", "type": ["null", {"type": "string", "logicalType": "uuid"}]}
            , {"name": "at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]}
            , {"name": "local", "type": ["null", {"type": "long", "logicalType": "local-timestamp-micros"}]}
            """;

    private static final String MISMATCH = "schema-mismatch";
    private static final String UNREADABLE = "unreadable-data";
    private static final String NOT_PARQUET = "not-parquet";

    static List<ForeignRefusal> all() {
        return List.of(
                of(
                        "a decimal of more than 38 digits",
                        "optional fixed_len_byte_array(17) c (DECIMAL(39,0));",
                        hex("0f" + "ff".repeat(16)),
                        MISMATCH,
                        "'c' is a DECIMAL of 39 digits"),
                new ForeignRefusal(
                        "an INTERVAL by parquet-java",
                        "optional fixed_len_byte_array(12) c (INTERVAL);",
                        hex("010000000200000003000000"),
                        builder -> builder.withStatisticsEnabled(false),
                        MISMATCH,
                        "'c' is an INTERVAL that is also marked as UNKNOWN"),
                of(
                        "a VARIANT",
                        "optional group c (VARIANT(1)) { required binary metadata; required binary value; }",
                        Map.of("metadata", hex("010000"), "value", hex("0c07")),
                        MISMATCH,
                        "'c' has the type VARIANT"),
                of(
                        "a GEOMETRY",
                        "optional binary c (GEOMETRY);",
                        hex("0101000000000000000000F03F0000000000000040"),
                        MISMATCH,
                        "'c' has the type GEOMETRY"),
                of("BSON", "optional binary c (BSON);", hex("0500000000"), NOT_PARQUET, "Unsupported converted type"),
                of(
                        "a map that is marked as MAP_KEY_VALUE on the outside",
                        """
                        optional group c (MAP_KEY_VALUE) { repeated group map {
                            required binary key (STRING); optional int32 value; } }""",
                        Map.of("map", List.of(Map.of("key", "a", "value", 1))),
                        NOT_PARQUET,
                        "MAP_KEY_VALUE requires two children"),
                of(
                        "a map without values",
                        "optional group c (MAP) { repeated group key_value { required binary key (STRING); } }",
                        Map.of("key_value", List.of(Map.of("key", "a"))),
                        NOT_PARQUET,
                        "MAP_KEY_VALUE requires two children"),
                new ForeignRefusal(
                        "integers in the encoding BYTE_STREAM_SPLIT",
                        "optional int32 i;",
                        7,
                        builder -> builder.withDictionaryEncoding(false).withByteStreamSplitEncoding("i", true),
                        UNREADABLE,
                        "BYTE_STREAM_SPLIT"),
                new ForeignRefusal(
                        "pages compressed with LZ4 as Hadoop frames it",
                        "optional int32 i;",
                        7,
                        builder -> builder.withCompressionCodec(CompressionCodecName.LZ4)
                                .withCodecFactory(new HadoopLz4()),
                        UNREADABLE,
                        "LZ4"),
                of(
                        "a decimal in 32 bits with more digits than its type",
                        "optional int32 d32 (DECIMAL(4,2));",
                        123_456,
                        "crashes-engine",
                        "Information loss on integer cast"),
                of(
                        "a decimal in 64 bits with more digits than its type",
                        "optional int64 d64 (DECIMAL(18,2));",
                        Long.MAX_VALUE,
                        "invalid-values",
                        "DECIMAL(18,2)"),
                of(
                        "a decimal with more bytes than its type takes",
                        "optional binary d4 (DECIMAL(4,2));",
                        hex("01020304"),
                        NOT_PARQUET,
                        "Invalid decimal encoding"),
                of(
                        "a map with a NULL key",
                        """
                        optional group m (MAP) { repeated group key_value {
                            optional binary key (STRING); optional int32 value; } }""",
                        Map.of("key_value", List.of(Map.of("value", 1))),
                        "invalid-values",
                        "NULL"),
                of(
                        "values in a column that can't hold any",
                        "optional int32 n (UNKNOWN);",
                        7,
                        "crashes-engine",
                        "Unsupported type for stats"),
                of("text that is not UTF-8", "optional binary s (STRING);", hex("ff41"), UNREADABLE, "not valid UTF8"),
                of("JSON that is none", "optional binary c (JSON);", "{nope", UNREADABLE, "Invalid JSON"),
                of(
                        "milliseconds beyond the year 294246",
                        "optional int64 at (TIMESTAMP(MILLIS,true));",
                        Long.MAX_VALUE / 1_000 + 5,
                        NOT_PARQUET,
                        "Could not convert Timestamp(MS)"),
                of(
                        "text that is not marked as text",
                        "optional binary s;",
                        "text",
                        MISMATCH,
                        "'s' has the type BLOB in the file and VARCHAR in the dataset"),
                of("JSON for text", "optional binary s (JSON);", "7", MISMATCH, "'s' has the type JSON"),
                of("a UUID as text", "optional binary u (STRING);", "", MISMATCH, "'u' has the type VARCHAR"),
                of("a wider number", "optional int64 i;", 7L, MISMATCH, "'i' has the type BIGINT"),
                of("a less exact number", "optional double l;", 7d, MISMATCH, "'l' has the type DOUBLE"),
                of("a double for a float", "optional double f;", 7d, MISMATCH, "'f' has the type DOUBLE"),
                of(
                        "an unsigned number that may be too large",
                        "optional int64 l (INTEGER(64,false));",
                        7L,
                        MISMATCH,
                        "'l' has the type UBIGINT"),
                of(
                        "a timestamp without a time zone for an instant",
                        "optional int64 at (TIMESTAMP(MICROS,false));",
                        7L,
                        MISMATCH,
                        "'at' has the type TIMESTAMP in"),
                of(
                        "an instant for a timestamp without a time zone",
                        "optional int64 local (TIMESTAMP(MICROS,true));",
                        7L,
                        MISMATCH,
                        "'local' has the type TIMESTAMP WITH TIME ZONE"),
                of(
                        "INT96 for an instant",
                        "optional int96 at;",
                        ForeignColumns.int96(0, 0),
                        MISMATCH,
                        "'at' has the type TIMESTAMP in"));
    }

    private static ForeignRefusal of(String what, String parquet, Object value, String reason, String message) {
        return new ForeignRefusal(what, parquet, value, UnaryOperator.identity(), reason, message);
    }

    /** Blocks of nothing but literals, each behind its two lengths. */
    private static final class HadoopLz4
            implements CompressionCodecFactory, CompressionCodecFactory.BytesInputCompressor {
        private static final int LONG_LITERALS = 0xf0;
        private static final int SHORT_LITERALS = 15;

        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return this;
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("a writer reads nothing");
        }

        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            page.writeAllTo(content);
            byte[] literals = content.toByteArray();
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            if (literals.length < SHORT_LITERALS) {
                block.write(literals.length << 4);
            } else {
                block.write(LONG_LITERALS);
                int rest = literals.length - SHORT_LITERALS;
                for (; rest >= 255; rest -= 255) {
                    block.write(255);
                }
                block.write(rest);
            }
            block.write(literals);
            ByteArrayOutputStream framed = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(framed);
            out.writeInt(literals.length);
            out.writeInt(block.size());
            block.writeTo(out);
            return BytesInput.from(framed.toByteArray());
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.LZ4;
        }

        @Override
        public void release() {}
    }
}
