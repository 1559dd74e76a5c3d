package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.Activity;
import dev.millrace.lake.DatasetFiles;
import dev.millrace.lake.DatasetFiles.WrittenFile;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.RunStart;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.BatchId;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoreStand;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.SchemaBuilder;

/** A lake with the dataset trips, partitioned by a text, and ways to leave orphans in it. Belongs to one thread. */
final class OrphanedLake implements AutoCloseable {
    static final String TRIPS_FOLDER = "main/trips/";
    static final Contract CONTRACT = new Contract(
            TripsLake.TRIPS,
            SchemaBuilder.record("Trip")
                    .fields()
                    .requiredLong("id")
                    .requiredString("town")
                    .endRecord(),
            List.of("town"),
            List.of("id"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);
    static final OrphanSettings SETTINGS = new OrphanSettings(Duration.ofDays(2), 10, Duration.ofDays(1));

    private final TripsLake lake;

    OrphanedLake(Path folder) {
        lake = new TripsLake(folder, CONTRACT);
    }

    LakeSession open(SessionOptions.Access access) {
        return lake.open(access);
    }

    LakeSession session() {
        return lake.session();
    }

    ObjectStore lakeData() {
        return lake.data();
    }

    static Clock later(Duration time) {
        return Clock.offset(Clock.systemUTC(), time);
    }

    CompactEnvironment environment(Duration later) {
        return environment(session(), later);
    }

    CompactEnvironment environment(LakeSession another, Duration later) {
        return lake.environment(another, later(later), TripsLake.RETRY);
    }

    OrphanRemoval removal(Duration later, OrphanSettings settings) {
        return new OrphanRemoval(environment(later), settings);
    }

    OrphanResult remove(Duration later) {
        return removal(later, SETTINGS).run();
    }

    CompactResult compact(Duration later) {
        return lake.compactor(TripsLake.FULL, Budget.UNLIMITED, later(later)).compact(CONTRACT);
    }

    LeasedRun begin(Activity activity, Duration later) {
        return ((RunStart.Started) LeasedRun.begin(
                        session(), TripsLake.TRIPS, TripsLake.terms(activity, later(later), TripsLake.RETRY)))
                .run();
    }

    /** Inserts past the pipeline, as an analyst may. */
    void insert(long first, int rows, String... towns) {
        for (String town : towns) {
            session().execute("INSERT INTO lake.trips SELECT i, ? FROM range(?, ?) r(i)", town, first, first + rows);
        }
    }

    long rows() {
        return session().queryLong("SELECT count(*) FROM lake.trips");
    }

    /** Writes lake files as an ingest or a merge does, and does not register them. */
    List<String> writeUnregistered(int files) {
        lakeData().makeFolder(TRIPS_FOLDER);
        DatasetFiles writer = new DatasetFiles(session(), CONTRACT, 1_000_000);
        return writer
                .write(
                        "SELECT i AS id, 'town ' || i AS town FROM range(?) r(i)",
                        BatchId.next().toString(),
                        (long) files)
                .stream()
                .map(WrittenFile::path)
                .toList();
    }

    void register(List<String> paths) {
        new DatasetFiles(session(), CONTRACT, 1_000_000).register(paths);
    }

    /** Files that nobody has registered, without the pains of writing Parquet. */
    void leave(int files) {
        for (int file = 0; file < files; file++) {
            put(TRIPS_FOLDER + "town=x/" + BatchId.next() + "-0.parquet");
        }
    }

    void put(String key) {
        try {
            StoreStand.current().write(lakeData(), key, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What went; nothing may have been refused. */
    static FileCount removed(OrphanResult result) {
        assertThat(result).isInstanceOf(OrphanResult.Removed.class);
        return ((OrphanResult.Removed) result).removed();
    }

    /** All that is there, by key. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        lakeData().list("", page -> page.stream().map(StoredObject::key).forEach(keys::add));
        return keys.stream().sorted().toList();
    }

    @Override
    public void close() {
        lake.close();
    }
}
