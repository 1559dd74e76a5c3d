package dev.millrace.staging;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.FooterKeys;
import dev.millrace.schemas.SchemaFingerprint;
import dev.millrace.schemas.StagingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetWriter;

/**
 * Encodes rows into one Parquet file after the other, with the footer metadata of {@link FooterKeys}. The same rows under the
 * same key give the same bytes. Not thread-safe.
 */
final class FileEncoder implements AutoCloseable {
    private final Schema schema;
    private final String fingerprint;
    private final ParquetFormat format;
    private final RowHash hash;
    private final EventTimes eventTimes;
    private Schema fitting;

    private StagingKey key;
    private Path path;
    private ParquetWriter<Object> writer;
    private long rows;

    FileEncoder(Contract contract, GenericData model) {
        schema = contract.schema();
        fitting = schema;
        fingerprint = SchemaFingerprint.of(schema);
        format = new ParquetFormat(schema, model);
        hash = new RowHash(schema, model);
        eventTimes = new EventTimes(contract, model);
    }

    boolean isOpen() {
        return writer != null;
    }

    void begin(StagingKey newKey, Path newPath) throws IOException {
        key = newKey;
        path = newPath;
        rows = 0;
        writer = format.open(newPath, this::metadata);
    }

    /**
     * Adds a row to the file.
     *
     * @throws MisfitException when the row does not fit the schema
     * @throws IOException when the file can't be written
     */
    void add(IndexedRecord row) throws IOException {
        requireShape(row.getSchema());
        hash.add(row);
        eventTimes.add(row);
        writer.write(row);
        rows++;
    }

    /** Columns are written by position, so a record of another schema could put values into the wrong ones. */
    private void requireShape(Schema given) {
        if (!Schemas.sameShape(given, fitting)) {
            throw new MisfitException(
                    schema.getFullName(),
                    "has other columns than the record: " + schema.getFields() + " and " + given.getFields());
        }
        fitting = given;
    }

    long rows() {
        return rows;
    }

    /** An estimate: what is written, and before compression what is buffered. */
    long sizeBytes() {
        return writer.getDataSize();
    }

    FinishedFile finish() throws IOException {
        writer.close();
        writer = null;
        return new FinishedFile(key, path, rows, Files.size(path));
    }

    /** Ends the file without making anything of it; the path is free afterwards. */
    void abandon() {
        if (writer != null) {
            Spool.closeAndDelete(writer, path);
            writer = null;
            metadata();
        }
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FooterKeys.PRODUCER, key.producer().toString());
        metadata.put(FooterKeys.BATCH_ID, key.batchId().toString());
        metadata.put(FooterKeys.SCHEMA_FINGERPRINT, fingerprint);
        metadata.put(FooterKeys.ROWS, Long.toString(rows));
        metadata.put(FooterKeys.ROW_HASH, hash.take());
        eventTimes.takeInto(metadata);
        return metadata;
    }

    @Override
    public void close() {
        abandon();
        format.close();
    }
}
