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
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that a refused file is settled as its user decides, each way once, and that no file is loaded twice by it. The tests share a
 * lake, and leave nothing there that waits.
 */
@Tag("slow")
@Tag("stand")
class RefusedFilesTest {
    @TempDir
    static Path folder;

    private static Pipeline pipeline;
    private static LakeSession session;

    @BeforeAll
    static void initialize() {
        pipeline = Pipeline.initialized(folder);
        session = pipeline.session(SessionOptions.Access.WRITE);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    @Test
    void aFileRepairedUnderItsNameIsLoadedOnceByTheNextIngest() throws IOException {
        String key = putBad("repaired");
        assertThat(ingest().counts().quarantinedFiles()).isEqualTo(1);
        assertThat(ingest().runId()).as("the same content").isEmpty();

        replaceByRows(key, 1_000, 10);
        assertThat(ingest().counts().rows()).isEqualTo(10);
        assertThat(status(key)).isEqualTo("loaded");

        replaceByRows(key, 1_100, 20);
        assertThat(ingest().runId()).as("a loaded key is never loaded again").isEmpty();
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id BETWEEN 1000 AND 1999"))
                .isEqualTo(10);
    }

    @Test
    void aRetriedFileIsInspectedAgainAndADroppedOneIsGoneForGood() throws IOException {
        String key = putBad("dropped");
        ingest();
        assertThat(act(QuarantineAction.RETRY, key).accepted()).hasSize(1);
        assertThat(status(key)).isEqualTo("waiting");
        assertThat(ingest().counts().quarantinedFiles()).isEqualTo(1);
        assertThat(status(key)).isEqualTo("quarantined");

        assertThat(act(QuarantineAction.DROP, key).accepted()).hasSize(1);
        assertThat(pipeline.isStaged(key)).isFalse();
        RefusedFile dropped = refused(key);
        assertThat(dropped.status().word()).isEqualTo("dropped");
        assertThat(dropped.verdict().reason()).isEqualTo("not-parquet");
        assertThat(dropped.verdict().worker()).isPresent();
        assertThat(session.query(
                        "SELECT activity, outcome, files FROM lake.millrace.run WHERE run_id = ?",
                        row -> row.getString(1) + " " + row.getString(2) + " " + row.getLong(3),
                        dropped.change().orElseThrow().runId()))
                .containsExactly("quarantine-drop succeeded 1");
        assertThat(act(QuarantineAction.DROP, key).settled()).as("once more").hasSize(1);
    }

    /** As when the process was killed between the transaction and the deletion. */
    @Test
    void aDroppedFileThatIsStillThereGoesWithTheSweepUnlessItIsAnotherOne() throws IOException {
        String same = putBad("swept");
        String other = putBad("kept");
        ingest();
        session.update("UPDATE lake.millrace.ledger SET status = 'dropped' WHERE status = 'quarantined'");
        assertThat(ingest().runId()).as("what was dropped does not wait").isEmpty();
        replaceByRows(other, 2_000, 10);

        assertThat(pipeline.sweep(Clock.systemUTC())).isEqualTo(1);
        assertThat(pipeline.isStaged(same)).isFalse();
        assertThat(ingest().counts().rows()).isEqualTo(10);
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
        String key = pipeline.stage(lax, "p9", List.of(trip));
        ingest();
        assertThat(refused(key).file().footerId()).isPresent();

        pipeline.stage("p1", 1, 3_000, 10);
        List<QuarantineResult> whileIngesting = new ArrayList<>();
        IngestListener releasing = new IngestListener() {
            @Override
            public void inspected(DatasetName dataset, int stagedFiles) {
                try (LakeSession another = pipeline.session(SessionOptions.Access.WRITE)) {
                    whileIngesting.add(run(another, QuarantineAction.RELEASE, key));
                }
            }
        };
        pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), releasing)
                .ingest(Pipeline.trips());
        assertThat(whileIngesting).singleElement().isInstanceOf(QuarantineResult.HeldByAnother.class);

        assertThat(act(QuarantineAction.RELEASE, key).accepted()).hasSize(1);
        assertThat(ingest().counts().rows()).isEqualTo(1);
        assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id IS NULL"))
                .isEqualTo(1);
        assertThat(status(key)).isEqualTo("loaded");
        assertThat(ingest().runId()).isEmpty();
    }

    private static String putBad(String name) throws IOException {
        String key = Pipeline.foreignKey(name);
        pipeline.put(key, "no Parquet file, whatever it is called".getBytes(StandardCharsets.UTF_8));
        return key;
    }

    private static void replaceByRows(String key, long first, int rows) throws IOException {
        String other = pipeline.stage("p1", 1, first, rows);
        byte[] content = pipeline.bytes(other);
        pipeline.staging.delete(List.of(key, other));
        pipeline.put(key, content);
    }

    private static IngestResult.Done ingest() {
        return (IngestResult.Done) pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                .ingest(Pipeline.trips());
    }

    private static QuarantinePlan act(QuarantineAction action, String key) {
        return ((QuarantineResult.Done) run(session, action, key)).plan();
    }

    private static QuarantineResult run(LakeSession session, QuarantineAction action, String key) {
        return new Quarantine(pipeline.environment(session, Clock.systemUTC()))
                .run(action, Pipeline.TRIPS, file -> file.key().equals(key));
    }

    private static RefusedFile refused(String key) {
        return new QuarantineLedger(session)
                .files(Pipeline.TRIPS).stream()
                        .filter(file -> file.key().equals(key))
                        .findFirst()
                        .orElseThrow();
    }

    private static String status(String key) {
        return session.queryOne(
                        "SELECT status FROM lake.millrace.ledger WHERE staged_key = ?", row -> row.getString(1), key)
                .orElseThrow();
    }
}
