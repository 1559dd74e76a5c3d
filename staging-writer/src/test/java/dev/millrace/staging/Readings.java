package dev.millrace.staging;

import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;

/** A small dataset for tests, and what reads its staged files back. */
final class Readings {
    static final ProducerId PRODUCER = new ProducerId("plant-7");
    static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    static final Contract CONTRACT = new Contract(
            DatasetName.parse("readings"),
            ReadingRecord.SCHEMA$,
            List.of(),
            List.of("at"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);

    private Readings() {}

    static GenericRecord row(int number) {
        GenericData.Record row = new GenericData.Record(CONTRACT.schema());
        row.put("sensor", "s" + number);
        row.put("at", START.plusSeconds(number));
        row.put("celsius", number % 2 == 0 ? null : number / 10d);
        return row;
    }

    /** The same ids in the same order at every call, as a producer that repeats its work would give them. */
    static Supplier<BatchId> sameIds() {
        UUID base = UUID.fromString("0198a5c2-7f00-7000-8000-000000000001");
        AtomicInteger part = new AtomicInteger();
        return () -> BatchId.part(base, part.incrementAndGet());
    }

    static List<String> keys(ObjectStore store) {
        List<String> keys = new ArrayList<>();
        store.list("", page -> page.stream().map(StoredObject::key).forEach(keys::add));
        return keys.stream().sorted().toList();
    }

    static List<GenericRecord> read(ObjectStore store, String key) throws IOException {
        Path copy = copy(store, key);
        List<GenericRecord> rows = new ArrayList<>();
        try (ParquetReader<GenericRecord> reader = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(copy), new PlainParquetConfiguration())
                .withDataModel(GenericData.get())
                .withCodecFactory(new ZstdReading())
                .build()) {
            for (GenericRecord row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        } finally {
            Files.delete(copy);
        }
        return rows;
    }

    /** The sensors of all staged rows, in order of their names. */
    static List<String> sensors(ObjectStore store) throws IOException {
        List<String> sensors = new ArrayList<>();
        for (String key : keys(store)) {
            read(store, key).forEach(row -> sensors.add(row.get("sensor").toString()));
        }
        return sensors.stream().sorted().toList();
    }

    static Map<String, String> footer(ObjectStore store, String key) throws IOException {
        return metadata(store, key).getFileMetaData().getKeyValueMetaData();
    }

    static ParquetMetadata metadata(ObjectStore store, String key) throws IOException {
        Path copy = copy(store, key);
        ParquetReadOptions options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(copy), options)) {
            return reader.getFooter();
        } finally {
            Files.delete(copy);
        }
    }

    private static Path copy(ObjectStore store, String key) throws IOException {
        Path copy = Files.createTempFile("readings", ".parquet");
        try (InputStream in = store.open(key)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }
}
