package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.audit.AuditReport;
import dev.millrace.lake.DatasetEvolution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    private static final Duration RUN = Duration.ofSeconds(Long.getLong("millrace.evolution.seconds", 4));
    private static final int ROWS = 20;

    @TempDir
    private Path folder;

    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean isOver = new AtomicBoolean();

    /** What a producer was told is staged. */
    private static final class Producer {
        final AtomicLong rows = new AtomicLong();
        final AtomicLong files = new AtomicLong();
    }

    private static Contract former() {
        return Pipeline.trips();
    }

    /** With a column and a record more. */
    private static Contract wider() {
        return Pipeline.contract(
                schema("{\"name\": \"town\", \"type\": [\"null\", \"string\"]}", ""), EvolutionPolicy.ADD_COLUMNS);
    }

    /** With a field of that record more, and another name for the town. */
    private static Contract renamed() {
        return Pipeline.contract(
                schema(
                        "{\"name\": \"place\", \"type\": [\"null\", \"string\"], \"aliases\": [\"town\"]}",
                        ", {\"name\": \"y\", \"type\": [\"null\", \"double\"]}"),
                EvolutionPolicy.ADD_COLUMNS);
    }

    private static Schema schema(String town, String field) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}, {"name": "day", "type": "int"}, %s,
                    {"name": "fare", "type": ["null", "double"]}, {"name": "spot", "type": ["null", {"type": "record", "name": "At",
                    "fields": [{"name": "x", "type": ["null", "double"]}%s]}]}]}
                """.formatted(town, field));
    }

    @Test
    void noRowIsLostAndNoFileRefused() throws Exception {
        Pipeline pipeline = Pipeline.initialized(folder, former());
        AtomicReference<Contract> next = new AtomicReference<>();
        Producer old = new Producer();
        Producer wide = new Producer();
        Producer newest = new Producer();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> running = new ArrayList<>();
            Future<?> ingest = threads.submit(() -> ingestAllTheTime(pipeline, next));
            running.add(threads.submit(() -> produce(pipeline, former(), "old", "town", old)));
            running.add(threads.submit(() -> produce(pipeline, wider(), "wide", "town", wide)));
            await().atMost(60, TimeUnit.SECONDS).until(() -> wide.files.get() > 5);

            next.set(renamed());
            await().atMost(60, TimeUnit.SECONDS).until(() -> next.get() == null);
            running.add(threads.submit(() -> produce(pipeline, renamed(), "newest", "place", newest)));
            long end = System.nanoTime() + RUN.toNanos();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(RUN.plusSeconds(60))
                    .until(() -> System.nanoTime() > end && newest.files.get() > 5);
            isOver.set(true);
            for (Future<?> thread : running) {
                thread.get();
            }
            ingest.get();
        } finally {
            isOver.set(true);
            threads.shutdownNow();
        }

        long rows = old.rows.get() + wide.rows.get() + newest.rows.get();
        System.out.printf(
                "%d s: %d files and %d rows of the former schema, %d and %d of the wider one, %d and %d of the"
                        + " newest%n",
                RUN.toSeconds(),
                old.files.get(),
                old.rows.get(),
                wide.files.get(),
                wide.rows.get(),
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
                .isEqualTo(wide.rows.get() + newest.rows.get());
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE spot.y = -id"))
                .isEqualTo(newest.rows.get());
        assertThat(pipeline.lakeTexts("SELECT DISTINCT subject FROM lake.millrace.evolution ORDER BY subject"))
                .containsExactly("fare", "place", "spot", "spot.y");
        try (LakeSession session = pipeline.session(SessionOptions.Access.READ)) {
            AuditReport report = new Audit(session, pipeline.staging).run(renamed());
            assertThat(report.verdict()).as("%s", report.findings()).isEqualTo(AuditReport.Verdict.HOLDS);
            assertThat(report.totals().ledger().hashedRows()).isPositive().isLessThan(rows);
        }
    }

    private void produce(Pipeline pipeline, Contract contract, String name, String town, Producer told) {
        while (!isOver.get()) {
            List<GenericRecord> trips = new ArrayList<>();
            for (int row = 0; row < ROWS; row++) {
                trips.add(trip(contract.schema(), town, ids.incrementAndGet()));
            }
            pipeline.stage(contract, name, trips);
            told.rows.addAndGet(ROWS);
            told.files.incrementAndGet();
        }
    }

    private static GenericRecord trip(Schema schema, String town, long id) {
        GenericRecord trip = new GenericData.Record(schema);
        trip.put("id", id);
        trip.put("day", (int) (id % 2));
        trip.put(town, "town of " + id);
        if (schema.getField("fare") != null) {
            trip.put("fare", id / 4.0);
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
            Ingester ingester = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE);
            Contract contract = former();
            boolean isDone = false;
            while (!isDone) {
                if (next.get() != null) {
                    contract = next.get();
                    DatasetEvolution.Result evolved = new DatasetEvolution(session, Pipeline.TRIPS)
                            .apply(
                                    contract,
                                    pipeline.environment(session, Clock.systemUTC())
                                            .terms());
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
