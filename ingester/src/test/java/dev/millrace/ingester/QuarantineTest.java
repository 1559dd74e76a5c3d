package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.staging.StagingWriter;
import dev.millrace.staging.StagingWriterOptions;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a file which cannot be loaded ends in quarantine with a reason, its neighbours load, and no file is blamed for another fault. */
@Tag("slow")
@Tag("stand")
class QuarantineTest {
    @TempDir
    Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void initialize() {
        pipeline = Pipeline.initialized(folder);
    }

    @Test
    void brokenFilesAreQuarantinedAndTheirNeighboursLoad() throws Exception {
        for (int file = 0; file < 50; file++) {
            pipeline.stage("p1", file % 3, file * 10L, 10);
        }
        String good = pipeline.stage("p2", 1, 9_000, 200);
        byte[] bytes = pipeline.bytes(good);
        pipeline.staging.delete(List.of(good));
        pipeline.putForeign("truncated.parquet", Arrays.copyOf(bytes, bytes.length / 2));
        pipeline.putForeign("empty.parquet", new byte[0]);
        pipeline.putForeign("text.parquet", text("this is a text and no Parquet file\n".repeat(10)));
        byte[] flipped = bytes.clone();
        Arrays.fill(flipped, 4, 60, (byte) 0x5a);
        pipeline.putForeign("flipped.parquet", flipped);
        StoreStand.current().write(pipeline.staging, "trips/stranger/glob[1-9]*.parquet", "x".repeat(100));
        pipeline.putForeign("_ignored.parquet", text("x".repeat(100)));
        pipeline.putForeign("readme.txt", text("x".repeat(100)));

        IngestResult.Done done = pipeline.ingest();

        assertThat(done.counts().files()).isEqualTo(50);
        assertThat(done.counts().quarantinedFiles()).isEqualTo(5);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(500);
        assertThat(pipeline.lakeTexts("SELECT regexp_extract(staged_key, '[^/]+$') || ' ' || reason FROM"
                        + " lake.millrace.ledger WHERE status = 'quarantined' ORDER BY 1"))
                .containsExactly(
                        "empty.parquet not-parquet",
                        "flipped.parquet " + damaged(),
                        "glob[1-9]*.parquet unsafe-name",
                        "text.parquet not-parquet",
                        "truncated.parquet not-parquet");
        assertThat(pipeline.isStaged("trips/stranger/text.parquet")).isTrue();
        assertThat(pipeline.ingest().runId()).isEmpty();
    }

    @Test
    void anUnreadableFileThatIsYoungIsLeftForLater() throws Exception {
        pipeline.putForeign("arriving.parquet", text("PAR1 and the rest is on its way"));
        IngestSettings patient =
                new IngestSettings(Pipeline.SETTINGS.batchLimits(), 256_000_000, Duration.ofMinutes(5));
        assertThat(pipeline.ingest(patient, Clock.systemUTC()).unsettledFiles()).isEqualTo(1);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isZero();

        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(6));
        assertThat(pipeline.ingest(patient, later).counts().quarantinedFiles()).isEqualTo(1);
    }

    @Test
    void aFileThatDoesNotFitTheSchemaIsQuarantinedWithBothTypesNamed() {
        Contract other = Pipeline.contract(
                SchemaBuilder.record("Trip")
                        .fields()
                        .requiredString("id")
                        .requiredInt("day")
                        .optionalString("town")
                        .endRecord(),
                EvolutionPolicy.ADD_COLUMNS);
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(pipeline.staging, other, new ProducerId("p9"), StagingWriterOptions.defaults());
        GenericRecord trip = new GenericData.Record(other.schema());
        trip.put("id", "seven");
        trip.put("day", 1);
        writer.write(trip);
        writer.close();
        pipeline.stage("p1", 1, 0, 10);

        assertThat(pipeline.ingest().counts().quarantinedFiles()).isEqualTo(1);
        assertThat(pipeline.lakeTexts("SELECT message FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .singleElement()
                .asString()
                .contains("'id' has the type VARCHAR in the file and BIGINT in the dataset");
    }

    @Test
    void aNewColumnIsAddedByPolicyAndRefusedByAStrictOne() {
        Contract wider =
                Pipeline.contract(Pipeline.schema().optionalDouble("fare").endRecord(), EvolutionPolicy.ADD_COLUMNS);
        pipeline.stage("p1", 1, 0, 10);
        pipeline.ingest();
        pipeline.stage(wider, "p2", 1, 100, 10);
        Contract strict = Pipeline.contract(Pipeline.schema().endRecord(), EvolutionPolicy.STRICT);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            IngestPlan plan = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                    .plan(strict);
            assertThat(plan.refused())
                    .singleElement()
                    .satisfies(r -> assertThat(r.message()).contains("'fare'").contains("strict"));
        }
        pipeline.ingest();
        pipeline.stage("p1", 2, 200, 10);
        pipeline.ingest();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE fare IS NULL"))
                .isEqualTo(30);
    }

    @Test
    void aLargeFileIsCopiedOnlyWhenAllOfItCanBeRead() throws Exception {
        String key = pipeline.stage("p1", 5, 0, 5_000);
        byte[] bytes = pipeline.bytes(key);
        Arrays.fill(bytes, 4, 60, (byte) 0x5a);
        pipeline.staging.delete(List.of(key));
        pipeline.put(key, bytes);
        pipeline.stage("p1", 5, 5_000, 10);
        IngestSettings eager = new IngestSettings(Pipeline.SETTINGS.batchLimits(), 10_000, Duration.ZERO);

        pipeline.ingest(eager, Clock.systemUTC());

        assertThat(pipeline.lakeTexts("SELECT reason FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .containsExactly(damaged());
        assertThat(pipeline.lakeLong("SELECT count(id) FROM lake.trips")).isEqualTo(10);
    }

    @Test
    void aRequiredColumnWithNullsSendsItsFileToQuarantine() {
        Contract lax = Pipeline.contract(
                SchemaBuilder.record("Trip")
                        .fields()
                        .optionalLong("id")
                        .requiredInt("day")
                        .optionalString("town")
                        .endRecord(),
                EvolutionPolicy.ADD_COLUMNS);
        StagingWriter<GenericRecord> writer =
                StagingWriter.open(pipeline.staging, lax, new ProducerId("p9"), StagingWriterOptions.defaults());
        GenericRecord trip = new GenericData.Record(lax.schema());
        trip.put("day", 1);
        writer.write(trip);
        writer.close();
        pipeline.stage("p1", 1, 0, 10);

        pipeline.ingest();

        assertThat(pipeline.lakeTexts("SELECT reason FROM lake.millrace.ledger WHERE status = 'quarantined'"))
                .containsExactly("missing-values");
        assertThat(pipeline.lakeFilesOnDisk())
                .as("the first try, with the refused file in it, left nothing")
                .isEqualTo(1);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(10);
    }

    /** Nobody may change a staged file; who does all the same puts no rows into the lake that nobody has looked at. */
    @Test
    void aFileThatChangedAfterItWasInspectedIsNotCommitted() throws Exception {
        assumeThat(StoreStand.current())
                .as("of an object on S3 the engine keeps what was inspected, and loads that")
                .isEqualTo(StoreStand.EMBEDDED);
        String key = pipeline.stage("p1", 1, 0, 10);
        String shorter = pipeline.stage("p1", 1, 0, 7);
        byte[] other = pipeline.bytes(shorter);
        pipeline.staging.delete(List.of(shorter));
        IngestListener changing = new IngestListener() {
            @Override
            public void inspected(DatasetName dataset, int stagedFiles) {
                pipeline.staging.delete(List.of(key));
                try {
                    pipeline.put(key, other);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            assertThatThrownBy(() -> pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), changing)
                            .ingest(Pipeline.trips()))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContainingAll("trips", "10 rows, 7 were");
        }
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isZero();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger WHERE status = 'loaded'"))
                .isZero();
    }

    @Test
    void whatIsWrongWithThePlaceIsNeverTheFilesFault() throws Exception {
        assumeThat(StoreStand.current()).as("S3 has no folders").isEqualTo(StoreStand.EMBEDDED);
        pipeline.stage("p1", 1, 0, 10);
        Files.writeString(folder.resolve("lake/main"), "a file where the lake needs a folder");
        assertThatThrownBy(() -> pipeline.ingest()).hasMessageContaining("lake");
        assertThat(pipeline.lakeTexts("SELECT outcome FROM lake.millrace.run")).containsExactly("failed");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isZero();

        Files.delete(folder.resolve("lake/main"));
        assertThat(pipeline.ingest().counts().rows()).isEqualTo(10);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** In a folder the file's checksum tells before the engine does. */
    private static String damaged() {
        return StoreStand.current() == StoreStand.EMBEDDED ? "checksum-mismatch" : "unreadable-data";
    }
}
