package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.QuarantineLedger;
import dev.millrace.lake.RefusedFile;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a refused file is settled as its user decides, each way once, and that no file is loaded twice by it. */
@Tag("slow")
@Tag("stand")
class RefusedFilesTest {
    private static final String STATUS = "SELECT status FROM lake.millrace.ledger WHERE staged_key LIKE '%/x.parquet'";

    @TempDir
    Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void initialize() {
        pipeline = Pipeline.initialized(folder);
    }

    @Test
    void aFileRepairedUnderItsNameIsLoadedOnceByTheNextIngest() throws IOException {
        pipeline.putForeign("x.parquet", text("no Parquet file, whatever it is called"));
        assertThat(pipeline.ingest().counts().quarantinedFiles()).isEqualTo(1);
        assertThat(pipeline.ingest().runId()).as("the same content").isEmpty();

        replaceByRows("trips/stranger/x.parquet", 0, 10);
        assertThat(pipeline.ingest().counts().rows()).isEqualTo(10);
        assertThat(pipeline.lakeTexts(STATUS)).containsExactly("loaded");

        replaceByRows("trips/stranger/x.parquet", 100, 20);
        assertThat(pipeline.ingest().runId())
                .as("a loaded key is never loaded again")
                .isEmpty();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(10);
    }

    @Test
    void aRetriedFileIsInspectedAgainAndADroppedOneIsGoneForGood() throws IOException {
        pipeline.putForeign("x.parquet", text("no Parquet file, whatever it is called"));
        pipeline.ingest();
        assertThat(act(QuarantineAction.RETRY).accepted()).hasSize(1);
        assertThat(pipeline.lakeTexts(STATUS)).containsExactly("waiting");
        assertThat(pipeline.ingest().counts().quarantinedFiles()).isEqualTo(1);
        assertThat(pipeline.lakeTexts(STATUS)).containsExactly("quarantined");

        assertThat(act(QuarantineAction.DROP).accepted()).hasSize(1);
        assertThat(pipeline.isStaged("trips/stranger/x.parquet")).isFalse();
        RefusedFile dropped = refused().get(0);
        assertThat(dropped.status().word()).isEqualTo("dropped");
        assertThat(dropped.verdict().reason()).isEqualTo("not-parquet");
        assertThat(dropped.verdict().worker()).isPresent();
        assertThat(dropped.change().orElseThrow().runId())
                .isEqualTo(pipeline.lakeTexts("SELECT run_id FROM lake.millrace.run WHERE activity = 'quarantine-drop'"
                                + " AND outcome = 'succeeded' AND files = 1")
                        .get(0));
        assertThat(act(QuarantineAction.DROP).settled()).as("once more").hasSize(1);
    }

    /** As when the process was killed between the transaction and the deletion. */
    @Test
    void aDroppedFileThatIsStillThereGoesWithTheSweepUnlessItIsAnotherOne() throws IOException {
        pipeline.putForeign("x.parquet", text("no Parquet file, whatever it is called"));
        pipeline.putForeign("y.parquet", text("neither is this one a Parquet file"));
        pipeline.ingest();
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            session.execute("UPDATE lake.millrace.ledger SET status = 'dropped'");
        }
        assertThat(pipeline.ingest().runId())
                .as("what was dropped does not wait")
                .isEmpty();
        replaceByRows("trips/stranger/y.parquet", 0, 10);

        assertThat(pipeline.sweep(Clock.systemUTC())).isEqualTo(1);
        assertThat(pipeline.isStaged("trips/stranger/x.parquet")).isFalse();
        assertThat(pipeline.ingest().counts().rows()).isEqualTo(10);
    }

    @Test
    void aReleasedFileIsLoadedWithTheValuesMissingWhileAnIngestIsLeftInPeace() {
        Contract lax = Pipeline.contract(
                SchemaBuilder.record("Trip")
                        .fields()
                        .optionalLong("id")
                        .requiredInt("day")
                        .optionalString("town")
                        .endRecord(),
                EvolutionPolicy.ADD_COLUMNS);
        GenericRecord trip = new GenericData.Record(lax.schema());
        trip.put("day", 1);
        pipeline.stage(lax, "p9", List.of(trip));
        pipeline.ingest();
        assertThat(refused().get(0).file().footerId()).isPresent();

        pipeline.stage("p1", 1, 0, 10);
        List<QuarantineResult> whileIngesting = new ArrayList<>();
        IngestListener releasing = new IngestListener() {
            @Override
            public void inspected(DatasetName dataset, int stagedFiles) {
                whileIngesting.add(run(QuarantineAction.RELEASE));
            }
        };
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), releasing)
                    .ingest(Pipeline.trips());
        }
        assertThat(whileIngesting).singleElement().isInstanceOf(QuarantineResult.HeldByAnother.class);

        assertThat(act(QuarantineAction.RELEASE).accepted()).hasSize(1);
        assertThat(pipeline.ingest(Pipeline.SETTINGS, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)))
                        .counts()
                        .rows())
                .isEqualTo(1);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE id IS NULL"))
                .isEqualTo(1);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger WHERE status = 'loaded'"))
                .isEqualTo(2);
        assertThat(pipeline.ingest().runId()).isEmpty();
    }

    private void replaceByRows(String key, long first, int rows) throws IOException {
        String other = pipeline.stage("p1", 1, first, rows);
        byte[] content = pipeline.bytes(other);
        pipeline.staging.delete(List.of(key, other));
        pipeline.put(key, content);
    }

    private QuarantinePlan act(QuarantineAction action) {
        return ((QuarantineResult.Done) run(action)).plan();
    }

    private QuarantineResult run(QuarantineAction action) {
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            return new Quarantine(pipeline.environment(session, Clock.systemUTC()))
                    .run(action, Pipeline.TRIPS, file -> true);
        }
    }

    private List<RefusedFile> refused() {
        try (LakeSession session = pipeline.session(SessionOptions.Access.READ)) {
            return new QuarantineLedger(session).files(Pipeline.TRIPS);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
