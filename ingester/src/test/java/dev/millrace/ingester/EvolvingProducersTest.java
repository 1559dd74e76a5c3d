package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.audit.AuditReport;
import dev.millrace.lake.DatasetEvolution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RewritePlace;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that producers of the former schema and of the next one may go on at once while a dataset evolves under an ingest that runs all the
 * time: no row is lost or doubled, and no file refused. {@code -Dmillrace.evolution.seconds=60} makes it a long run.
 */
@Tag("slow")
class EvolvingProducersTest {
    private static final Duration RUN = Duration.ofSeconds(Long.getLong("millrace.evolution.seconds", 2));
    private static final int PRODUCERS = 4;
    private static final int ROWS = 20;

    /** Between two files of a producer. Without a rhythm they stage five times as many files as an ingest on two cores loads beside them. */
    private static final Duration RHYTHM = Duration.ofMillis(100);

    /** What no INTEGER holds. */
    private static final long FAR = 5_000_000_000L;

    private static final String CHANGES = "SELECT change || ' ' || subject FROM lake.millrace.evolution";

    @TempDir
    private Path folder;

    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();

    /** What a producer was told is staged. */
    private static final class Producer {
        final AtomicLong rows = new AtomicLong();
        final AtomicLong files = new AtomicLong();
    }

    private static Contract former() {
        return Pipeline.contract(Pipeline.schema().endRecord(), EvolutionPolicy.WIDEN);
    }

    /** With two columns and a record more. */
    private static Contract wider() {
        return withTown("int");
    }

    /** With a wider type for one of those columns. */
    private static Contract widened() {
        return withTown("long");
    }

    private static Contract withTown(String seats) {
        return Pipeline.contract(
                schema("{\"name\": \"town\", \"type\": [\"null\", \"string\"]}", seats, ""), EvolutionPolicy.WIDEN);
    }

    /** With a field of that record more, and another name for the town. */
    private static Contract renamed() {
        return Pipeline.contract(
                schema(
                        "{\"name\": \"place\", \"type\": [\"null\", \"string\"], \"aliases\": [\"town\"]}",
                        "long",
                        ", {\"name\": \"y\", \"type\": [\"null\", \"double\"]}"),
                EvolutionPolicy.WIDEN);
    }

    private static Schema schema(String town, String seats, String field) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}, {"name": "day", "type": "int"}, %s,
                    {"name": "fare", "type": ["null", "double"]}, {"name": "seats", "type": ["null", "%s"]}, {"name": "spot", "type": ["null", {"type": "record", "name": "At",
                    "fields": [{"name": "x", "type": ["null", "double"]}%s]}]}]}
                """.formatted(town, seats, field));
    }

    @Test
    void noRowIsLostAndNoFileRefused() throws Exception {
        Pipeline pipeline = Pipeline.initialized(folder, former());
        AtomicReference<Contract> next = new AtomicReference<>();
        Producer old = new Producer();
        Producer wide = new Producer();
        Producer far = new Producer();
        Producer newest = new Producer();
        ScheduledExecutorService producers = Executors.newScheduledThreadPool(PRODUCERS);
        ExecutorService ingester = Executors.newSingleThreadExecutor();
        try {
            List<Future<?>> running = new ArrayList<>();
            Future<?> ingest = ingester.submit(() -> ingestAllTheTime(pipeline, next));
            running.add(inRhythm(producers, () -> stage(pipeline, former(), "old", "town", old)));
            running.add(inRhythm(producers, () -> stage(pipeline, wider(), "wide", "town", wide)));
            awaitChange("the column 'seats' (INTEGER) is added");
            running.add(inRhythm(producers, () -> stage(pipeline, widened(), "far", "town", far)));
            awaitChange("the column 'seats' is widened");

            next.set(renamed());
            await().atMost(60, TimeUnit.SECONDS).until(() -> next.get() == null);
            running.add(inRhythm(producers, () -> stage(pipeline, renamed(), "newest", "place", newest)));
            long end = System.nanoTime() + RUN.toNanos();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(RUN.plusSeconds(60))
                    .until(() -> System.nanoTime() > end && newest.files.get() > 5);
            stop(producers, running);
            isOver.set(true);
            ingest.get();
        } finally {
            isOver.set(true);
            producers.shutdownNow();
            ingester.shutdownNow();
        }

        long withSeats = wide.rows.get() + far.rows.get() + newest.rows.get();
        long rows = old.rows.get() + withSeats;
        System.out.printf(
                "%d s: %d files and %d rows of the former schema, %d and %d of the one with more columns, %d and %d of"
                        + " that with a wider type, %d and %d of the newest%n",
                RUN.toSeconds(),
                old.files.get(),
                old.rows.get(),
                wide.files.get(),
                wide.rows.get(),
                far.files.get(),
                far.rows.get(),
                newest.files.get(),
                newest.rows.get());
        assertThat(pipeline.lakeTexts("SELECT message FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .isEmpty();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(rows);
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(rows);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE place = 'town of ' || id"))
                .isEqualTo(rows);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE fare = id / 4 AND spot.x = id"))
                .isEqualTo(withSeats);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE seats = id"))
                .isEqualTo(wide.rows.get());
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE seats = id + " + FAR))
                .isEqualTo(far.rows.get() + newest.rows.get());
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE seats > " + FAR))
                .isEqualTo(far.rows.get() + newest.rows.get());
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE spot.y = -id"))
                .isEqualTo(newest.rows.get());
        assertThat(pipeline.lakeTexts(CHANGES))
                .containsExactlyInAnyOrder(
                        "column-added fare",
                        "column-added seats",
                        "column-added spot",
                        "column-widened seats",
                        "column-renamed place",
                        "field-added spot.y");
        try (LakeSession session = pipeline.session(SessionOptions.Access.READ)) {
            AuditReport report = new Audit(session, pipeline.staging).run(renamed());
            assertThat(report.verdict()).as("%s", report.findings()).isEqualTo(AuditReport.Verdict.HOLDS);
            assertThat(report.totals().ledger().hashedRows()).isPositive().isLessThan(rows);
        }
    }

    private void awaitChange(String begin) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> changes.stream().anyMatch(change -> change.startsWith(begin)));
    }

    private static Future<?> inRhythm(ScheduledExecutorService producers, Runnable stage) {
        return producers.scheduleAtFixedRate(stage, 0, RHYTHM.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void stop(ScheduledExecutorService producers, List<Future<?>> running)
            throws ExecutionException, InterruptedException {
        for (Future<?> producer : running) {
            if (producer.isDone()) {
                producer.get();
            }
        }
        producers.shutdown();
        assertThat(producers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    private void stage(Pipeline pipeline, Contract contract, String name, String town, Producer told) {
        List<GenericRecord> trips = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            trips.add(trip(contract.schema(), town, ids.incrementAndGet()));
        }
        pipeline.stage(contract, name, trips);
        told.rows.addAndGet(ROWS);
        told.files.incrementAndGet();
    }

    private static GenericRecord trip(Schema schema, String town, long id) {
        GenericRecord trip = new GenericData.Record(schema);
        trip.put("id", id);
        trip.put("day", (int) (id % 2));
        trip.put(town, "town of " + id);
        if (schema.getField("fare") != null) {
            trip.put("fare", id / 4.0);
            if (schema.getField("seats").schema().getTypes().get(1).getType() == Schema.Type.INT) {
                trip.put("seats", (int) id);
            } else {
                trip.put("seats", id + FAR);
            }
            Schema at = schema.getField("spot").schema().getTypes().get(1);
            GenericRecord place = new GenericData.Record(at);
            place.put("x", (double) id);
            if (at.getField("y") != null) {
                place.put("y", (double) -id);
            }
            trip.put("spot", place);
        }
        return trip;
    }

    /** Until all that was staged is decided on; a next contract is applied between two ingests, as init does. */
    private void ingestAllTheTime(Pipeline pipeline, AtomicReference<Contract> next) {
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            IngestListener listener = new IngestListener() {
                @Override
                public void evolved(DatasetName dataset, String change) {
                    changes.add(change);
                }
            };
            Ingester ingester = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), listener);
            Contract contract = former();
            boolean isDone = false;
            while (!isDone) {
                if (next.get() != null) {
                    contract = next.get();
                    DatasetEvolution.Result evolved = new DatasetEvolution(session, Pipeline.TRIPS)
                            .apply(
                                    contract,
                                    pipeline.environment(session, Clock.systemUTC())
                                            .terms(),
                                    new RewritePlace(pipeline.lakeData, Pipeline.SETTINGS.targetFileBytes()));
                    assertThat(evolved).isInstanceOf(DatasetEvolution.Result.Done.class);
                    next.set(null);
                }
                boolean wasOver = isOver.get();
                isDone = ingester.ingest(contract) instanceof IngestResult.Done done
                        && done.runId().isEmpty()
                        && wasOver;
            }
        }
    }
}
