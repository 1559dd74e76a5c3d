package dev.millrace.ingester;

import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.StagingKey;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * A dataset of the mode {@code upsert} in a pipeline, filled with random rows, and a map that holds what the lake has to hold: each row in
 * the order of arrival takes the place of the one of its key, unless that has a larger version.
 */
final class Counters {
    private static final int DAYS = 3;
    private static final int MAX_ROWS = 12;

    private record Key(long id, Integer day) {}

    private record Row(long id, int day, long version, boolean gone, long value) {
        String text() {
            return id + "|" + day + "|" + version + "|" + value;
        }
    }

    private final Contract contract;
    private final WriteMode.Upsert mode;
    private final Random random;
    private final int keys;
    private final Map<String, List<Row>> waiting = new TreeMap<>();
    private final Map<Key, Row> truth = new java.util.HashMap<>();
    private long values;

    /** @param keys how many ids there are */
    Counters(WriteMode.Upsert mode, Random random, int keys) {
        this.mode = mode;
        this.random = random;
        this.keys = keys;
        this.contract = contract(mode);
    }

    static WriteMode.Upsert byVersion() {
        return new WriteMode.Upsert(List.of("id"), Optional.of("version"), Optional.of("gone"));
    }

    static Contract contract(WriteMode mode) {
        Schema schema = Pipeline.schema()
                .optionalLong("version")
                .optionalBoolean("gone")
                .requiredLong("value")
                .endRecord();
        return new Contract(Pipeline.TRIPS, schema, List.of("day"), List.of("id"), mode, EvolutionPolicy.ADD_COLUMNS);
    }

    Contract contract() {
        return contract;
    }

    /** Stages a file of random rows. */
    void stage(Pipeline pipeline) {
        List<Row> rows = new ArrayList<>();
        int count = 1 + random.nextInt(MAX_ROWS);
        for (int i = 0; i < count; i++) {
            rows.add(new Row(
                    random.nextInt(keys), random.nextInt(DAYS), random.nextInt(20), random.nextInt(4) == 0, ++values));
        }
        List<GenericRecord> records = rows.stream().map(this::record).toList();
        waiting.put(pipeline.stage(contract, "p" + random.nextInt(2), records), rows);
    }

    private GenericRecord record(Row row) {
        GenericRecord record = new GenericData.Record(contract.schema());
        record.put("id", row.id());
        record.put("day", row.day());
        record.put("version", row.version());
        record.put("gone", row.gone() ? Boolean.TRUE : random.nextBoolean() ? Boolean.FALSE : null);
        record.put("value", row.value());
        return record;
    }

    /** Takes what is staged to be loaded: by the time that the store says, and then by key. */
    void loaded(Pipeline pipeline) {
        List<StoredObject> listed = new ArrayList<>();
        pipeline.staging.list(StagingKey.prefix(contract.dataset()), listed::addAll);
        listed.stream()
                .filter(file -> waiting.containsKey(file.key()))
                .sorted(Comparator.comparing(StoredObject::modifiedAt).thenComparing(StoredObject::key))
                .forEach(file -> waiting.get(file.key()).forEach(this::apply));
        waiting.clear();
    }

    private void apply(Row row) {
        Key key = new Key(row.id(), mode.key().contains("day") ? row.day() : null);
        Row held = truth.get(key);
        if (mode.version().isEmpty() || held == null || held.version() <= row.version()) {
            truth.put(key, row);
        }
    }

    /** What the lake has to hold, in the order of {@link #read}. */
    List<String> expected() {
        return truth.values().stream()
                .filter(row -> mode.deleteMarker().isEmpty() || !row.gone())
                .map(Row::text)
                .sorted()
                .toList();
    }

    List<String> read(LakeSession session) {
        return session
                .query("SELECT concat_ws('|', id, day, version, value) FROM lake.trips", row -> row.getString(1))
                .stream()
                .sorted()
                .toList();
    }
}
