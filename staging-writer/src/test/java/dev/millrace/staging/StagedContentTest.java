package dev.millrace.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.FooterKeys;
import dev.millrace.schemas.SchemaFingerprint;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what stands in a staged file: rows, types, compression and footer, whatever kind of record it was written from. */
@Tag("stand")
class StagedContentTest {
    @TempDir
    private Path folder;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = StoreStand.current().store(folder, "staging");
    }

    @Test
    void theFooterTellsOfTheFile() throws IOException {
        String key = stage(List.of(Readings.row(3), Readings.row(1), Readings.row(2)));

        Map<String, String> footer = Readings.footer(store, key);

        assertThat(footer)
                .containsEntry(FooterKeys.PRODUCER, "plant-7")
                .containsEntry(FooterKeys.BATCH_ID, key.replaceAll(".*/|\\.parquet", ""))
                .containsEntry(FooterKeys.SCHEMA_FINGERPRINT, SchemaFingerprint.of(Readings.CONTRACT.schema()))
                .containsEntry(FooterKeys.ROWS, "3")
                .containsEntry(FooterKeys.FIRST_EVENT_TIME, "2026-11-21T10:00:01Z")
                .containsEntry(FooterKeys.LAST_EVENT_TIME, "2026-11-21T10:00:03Z");
        assertThat(footer.get(FooterKeys.ROW_HASH)).matches("[0-9a-f]{16}");
        assertThat(footer)
                .as("another hash needs another key, so that files of older writers are not compared with it")
                .containsKey("millrace.row-hash-2")
                .doesNotContainKey(FooterKeys.OLDER_ROW_HASH);
    }

    @Test
    void theRowHashDoesNotDependOnTheOrderOfTheColumns() {
        assertThat(hashOfPoint("x", "y")).isEqualTo(hashOfPoint("y", "x"));
    }

    private static String hashOfPoint(String... columns) {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Point").fields();
        for (String column : columns) {
            fields.requiredString(column);
        }
        GenericRecord point = new GenericData.Record(fields.endRecord());
        for (String column : columns) {
            point.put(column, "value of " + column);
        }
        RowHash hash = new RowHash(point.getSchema(), DataModels.of(point));
        hash.add(point);
        return hash.hex();
    }

    @Test
    void theRowHashDependsOnTheRowsAndNotOnTheirOrder() throws IOException {
        List<GenericRecord> rows = new ArrayList<>(new AllTypes(1).rows(50));
        String hash = hash(rows);
        Collections.reverse(rows);
        assertThat(hash(rows)).isEqualTo(hash);

        rows.get(7).put("long_", 4711L);
        assertThat(hash(rows)).isNotEqualTo(hash);
        assertThat(hash(rows.subList(0, 49))).isNotEqualTo(hash);
    }

    @Test
    void neitherZerosNorNaNsNorFileBordersChangeTheSumOfHashes() throws IOException {
        GenericRecord one = Readings.row(1);
        GenericRecord other = Readings.row(1);
        one.put("celsius", 0d);
        other.put("celsius", -0d);
        assertThat(hashOfReadings(one)).isEqualTo(hashOfReadings(other));
        one.put("celsius", Double.NaN);
        other.put("celsius", Double.longBitsToDouble(0xfff8000000000001L));
        assertThat(hashOfReadings(one)).isEqualTo(hashOfReadings(other));

        long sum = Long.parseUnsignedLong(hashOfReadings(Readings.row(1)), 16)
                + Long.parseUnsignedLong(hashOfReadings(Readings.row(2)), 16);
        assertThat(hashOfReadings(Readings.row(1), Readings.row(2))).isEqualTo(String.format("%016x", sum));
    }

    @Test
    void aKnownRowHasAKnownHash() throws IOException {
        // select md5_number_lower('at=1795255201000000;celsius=' || 0.1::DOUBLE::BIT::BIGINT || ';sensor=2:s1')
        assertThat(hashOfReadings(Readings.row(1))).isEqualTo("0417a79aeb3e1d95");
    }

    @Test
    void everyTypeComesBack() throws IOException {
        List<GenericRecord> rows = new AllTypes(2).rows(200);
        // The reader makes maps without order, and the hash of a row knows the order of its maps.
        List.of("map", "struct", "structs").forEach(field -> rows.forEach(row -> row.put(field, null)));

        String key = stageAllTypes(rows);
        List<GenericRecord> read = Readings.read(store, key);

        assertThat(read).hasSize(200);
        RowHash hash = new RowHash(AllTypes.SCHEMA, DataModels.of(read.get(0)));
        read.forEach(hash::add);
        assertThat(hash.hex()).isEqualTo(Readings.footer(store, key).get(FooterKeys.ROW_HASH));
    }

    @Test
    void specificAndGenericRecordsGiveTheSameRows() throws IOException {
        GenericRecord generic = Readings.row(1);
        IndexedRecord specific = new ReadingRecord("s1", Readings.START.plusSeconds(1), 0.1);
        GenericRecord plain = Readings.row(1);
        plain.put("at", Readings.START.plusSeconds(1).getEpochSecond() * 1_000_000);

        List<String> keys = List.of(stage(List.of(generic)), stage(List.of(specific)), stage(List.of(plain)));

        assertThat(keys.stream().map(this::rowsAndHash).distinct()).hasSize(1);
    }

    @Test
    void filesAreCompressedAndHaveThreeLevelListsAndExactTypes() throws IOException {
        String key = stageAllTypes(new AllTypes(3).rows(10));

        ParquetMetadata metadata = Readings.metadata(store, key);

        assertThat(metadata.getBlocks().get(0).getColumns())
                .allSatisfy(column -> assertThat(column.getCodec()).isEqualTo(CompressionCodecName.ZSTD));
        assertThat(metadata.getFileMetaData().getSchema().toString())
                .contains("repeated group list")
                .contains("fixed_len_byte_array(16) uuid_text (UUID)")
                .contains("fixed_len_byte_array(16) uuid_fixed (UUID)")
                .contains("time_millis (TIME(MILLIS,false))")
                .contains("time_micros (TIME(MICROS,false))")
                .contains("instant_nanos (TIMESTAMP(NANOS,true))")
                .contains("local_nanos (TIMESTAMP(NANOS,false))");
    }

    @Test
    void aRecordOfAnotherSchemaIsRefused() {
        Schema swapped = SchemaBuilder.record("Reading")
                .fields()
                .requiredString("at")
                .requiredString("sensor")
                .optionalDouble("celsius")
                .endRecord();
        GenericData.Record row = new GenericData.Record(swapped);

        assertThatThrownBy(() -> stage(List.of(row)))
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("readings", "row 1", "other columns");
    }

    @Test
    void valuesThatDoNotFitAreNamed() {
        assertMisfit("sensor", null, "must not be null");
        assertMisfit("sensor", 7, "takes string");
        assertMisfit("at", "now", "timestamp-micros");
        assertMisfit("at", Instant.MAX, "'at'");
        assertMisfit("celsius", 5L, "takes double");
        assertAllTypesMisfit("int_", 5L, "takes int");
        assertAllTypesMisfit("float_", 0.1, "takes float");
        assertAllTypesMisfit("colour", "BLUE", "RED");
        assertAllTypesMisfit("decimal_small", new java.math.BigDecimal("12345678.90"), "'decimal_small'");
        assertAllTypesMisfit("uuid_text", "no uuid", "a UUID");
        assertAllTypesMisfit("matrix", List.of(Collections.singletonList(null)), "'matrix[][]' must not be null");
        assertAllTypesMisfit("instant_millis", Long.MAX_VALUE, "microseconds");
    }

    private void assertMisfit(String field, Object value, String message) {
        GenericRecord row = Readings.row(1);
        row.put(field, value);
        assertThatThrownBy(() -> stage(List.of(row)))
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("dataset 'readings', row 1", "'" + field + "'", message);
    }

    private void assertAllTypesMisfit(String field, Object value, String message) {
        GenericRecord row = new AllTypes(4).rows(1).get(0);
        row.put(field, value);
        assertThatThrownBy(() -> stageAllTypes(List.of(row)))
                .isInstanceOf(StagingException.class)
                .hasMessageContainingAll("dataset 'all_types', row 1", message);
    }

    private String rowsAndHash(String key) {
        try {
            return Readings.read(store, key) + Readings.footer(store, key).get(FooterKeys.ROW_HASH);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private String hash(List<GenericRecord> rows) throws IOException {
        return Readings.footer(store, stageAllTypes(rows)).get(FooterKeys.ROW_HASH);
    }

    private String hashOfReadings(GenericRecord... rows) throws IOException {
        return Readings.footer(store, stage(List.of(rows))).get(FooterKeys.ROW_HASH);
    }

    private String stage(List<? extends IndexedRecord> rows) {
        return written(
                StagingWriter.open(store, Readings.CONTRACT, Readings.PRODUCER, StagingWriterOptions.defaults()), rows);
    }

    private String stageAllTypes(List<GenericRecord> rows) {
        return written(
                StagingWriter.open(store, AllTypes.CONTRACT, Readings.PRODUCER, StagingWriterOptions.defaults()), rows);
    }

    private static String written(StagingWriter<IndexedRecord> writer, List<? extends IndexedRecord> rows) {
        rows.forEach(writer::write);
        writer.close();
        return writer.staged().get(0).key().toString();
    }
}
