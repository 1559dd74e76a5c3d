package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that an ingest brings every staged file into the lake once, in short transactions, and sweeps late. */
@Tag("stand")
class IngesterTest {
    @TempDir
    Path folder;

    private Pipeline pipeline;

    @BeforeEach
    void initialize() {
        pipeline = Pipeline.initialized(folder);
    }

    @Test
    void everyRowIsInTheLakeOnceHoweverOftenItRuns() {
        for (int file = 0; file < 60; file++) {
            pipeline.stage("p" + file % 4, file % 20, file * 25L, 25);
        }
        IngestResult.Done first = pipeline.ingest();
        IngestResult.Done second = pipeline.ingest();

        assertThat(first.counts().files()).isEqualTo(60);
        assertThat(first.counts().rows()).isEqualTo(1_500);
        assertThat(second.runId()).isEmpty();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(1_500);
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips"))
                .isEqualTo(1_500);
        assertThat(pipeline.lakeLong("SELECT sum(rows)::BIGINT FROM lake.millrace.ledger WHERE status = 'loaded'"))
                .isEqualTo(1_500);
    }

    @Test
    void manySmallFilesOfOnePartitionBecomeOneLakeFile() {
        for (int file = 0; file < 50; file++) {
            pipeline.stage("p1", 3, file * 10L, 10);
        }
        pipeline.ingest();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file"))
                .isEqualTo(1);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE day = 3"))
                .isEqualTo(500);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips WHERE day = 4"))
                .isZero();
    }

    @Test
    void aDryRunShowsThePlanAndChangesNothing() {
        for (int file = 0; file < 40; file++) {
            pipeline.stage("p1", file, file * 10L, 10);
        }
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            long before = session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()");
            IngestPlan plan = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                    .plan(Pipeline.trips());
            assertThat(plan.backlog().files()).isEqualTo(40);
            assertThat(plan.batches()).extracting(PlannedBatch::partitions).containsExactly(16L, 16L, 8L);
            assertThat(plan.batches().stream().mapToLong(PlannedBatch::rows).sum())
                    .isEqualTo(400);
            assertThat(session.queryLong("SELECT max(snapshot_id) FROM lake.snapshots()"))
                    .isEqualTo(before);
        }
        assertThat(pipeline.lakeFilesOnDisk()).isZero();
    }

    @Test
    void theSweepTakesLoadedFilesAfterTheirRetentionAndNoOthers() throws Exception {
        String key = pipeline.stage("p1", 1, 0, 10);
        pipeline.putForeign("poison.parquet", "this is a text and no Parquet file".getBytes(StandardCharsets.UTF_8));
        Instant noon = Instant.now();
        pipeline.ingest(Pipeline.SETTINGS, Clock.fixed(noon, ZoneOffset.UTC));

        Clock almost = Clock.fixed(noon.plus(Duration.ofHours(23)), ZoneOffset.UTC);
        assertThat(pipeline.sweep(almost)).isZero();
        assertThat(pipeline.isStaged(key)).isTrue();

        String late = pipeline.stage("p1", 2, 100, 10);
        pipeline.ingest(Pipeline.SETTINGS, almost);
        Clock due = Clock.fixed(noon.plus(Duration.ofHours(25)), ZoneOffset.UTC);
        assertThat(pipeline.sweep(due)).isEqualTo(1);
        assertThat(pipeline.isStaged(key)).isFalse();
        assertThat(pipeline.isStaged(late)).isTrue();
        assertThat(pipeline.isStaged("trips/stranger/poison.parquet")).isTrue();
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace.ledger"))
                .isEqualTo(3);
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(20);
    }

    @Test
    void aLargeFileOfOnePartitionIsCopiedByTheStore() {
        String key = pipeline.stage("p1", 5, 0, 5_000);
        pipeline.stage("p1", 5, 5_000, 10);
        IngestSettings eager = new IngestSettings(Pipeline.SETTINGS.batchLimits(), 10_000, Duration.ZERO);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            assertThat(pipeline.ingester(session, eager, Clock.systemUTC(), IngestListener.NONE)
                            .plan(Pipeline.trips())
                            .batches())
                    .extracting(PlannedBatch::way)
                    .containsExactly("copy", "rewrite");
        }
        pipeline.ingest(eager, Clock.systemUTC());
        assertThat(pipeline.lakeLong("SELECT count(DISTINCT id) FROM lake.trips WHERE day = 5"))
                .isEqualTo(5_010);
        long stagedBytes = pipeline.staging.find(key).orElseThrow().sizeBytes();
        assertThat(pipeline.lakeLong("SELECT max(file_size_bytes) FROM __ducklake_metadata_lake.ducklake_data_file"))
                .isEqualTo(stagedBytes);
    }

    @Test
    void theLakeFilesStandBeforeTheTransactionBegins() {
        for (int file = 0; file < 30; file++) {
            pipeline.stage("p1", file % 10, file * 10L, 10);
        }
        List<String> events = new ArrayList<>();
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            IngestListener listener = new IngestListener() {
                @Override
                public void written(DatasetName dataset, String batch, int staged, int files, long rows) {
                    events.add(String.format(
                            Locale.ROOT,
                            "written %d files, in the lake %d",
                            files,
                            session.queryLong("SELECT count(*) FROM lake.trips")));
                }

                @Override
                public void committed(DatasetName dataset, String batch, long rows, Duration transaction) {
                    events.add("committed " + rows);
                }
            };
            pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), listener)
                    .ingest(Pipeline.trips());
        }
        assertThat(events).containsExactly("written 10 files, in the lake 0", "committed 300");
    }

    @Test
    void onlyTheOldestFilesAreHandledWithCareAfterADeath() {
        for (int file = 0; file < 32; file++) {
            pipeline.stage("p1", 1, file * 10L, 10);
        }
        IngestSettings windowsOf16 = new IngestSettings(new BatchLimits(1_000_000, 16, 16), 256_000_000, Duration.ZERO);
        Instant noon = Instant.now();
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            LeasedRun.begin(
                    session,
                    Pipeline.TRIPS,
                    pipeline.environment(session, Clock.fixed(noon, ZoneOffset.UTC))
                            .terms());
        }
        IngestResult.Done done =
                pipeline.ingest(windowsOf16, Clock.fixed(noon.plus(Duration.ofDays(1)), ZoneOffset.UTC));

        assertThat(done.counts().files()).isEqualTo(32);
        assertThat(done.counts().commits())
                .as("eight batches of two files, then one of sixteen")
                .isEqualTo(9);
    }

    @Test
    void aDatasetThatWasNeverMadeIsNamed() {
        Contract unknown = new Contract(
                DatasetName.parse("unknown"),
                Pipeline.schema().endRecord(),
                List.of(),
                List.of(),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
        pipeline.stage(unknown, "p1", 1, 0, 1);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            Ingester ingester = pipeline.ingester(session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE);
            assertThatThrownBy(() -> ingester.ingest(unknown))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("'unknown'")
                    .hasMessageContaining("millrace init");
        }
    }
}
