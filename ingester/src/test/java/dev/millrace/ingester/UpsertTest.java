package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.audit.AuditReport;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.InlinedByOthers;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.WriteMode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves that a dataset of the mode {@code upsert} holds what a map would that was given the same rows: with versions and without, with deletes,
 * rows out of order, keys that move to another partition, runs that end half-way, and others who change the lake meanwhile.
 */
@Tag("slow")
@Tag("stand")
class UpsertTest {
    /** {@code -Dmillrace.test.rounds=100} for a long look. */
    private static final int ROUNDS = Integer.getInteger("millrace.test.rounds", 4);

    private static final int KEYS = 40;
    private static final IngestSettings SMALL_BATCHES =
            new IngestSettings(new BatchLimits(1_000_000, 2, 16), 256_000_000, Duration.ZERO);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private final Random random = new Random(seed);

    static Stream<WriteMode.Upsert> modes() {
        return Stream.of(
                Counters.byVersion(),
                new WriteMode.Upsert(List.of("id"), Optional.empty(), Optional.of("gone")),
                new WriteMode.Upsert(List.of("day", "id"), Optional.of("version"), Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void theLakeHoldsWhatAMapWould(WriteMode.Upsert mode) {
        Counters counters = new Counters(mode, random, KEYS);
        Pipeline pipeline = Pipeline.initialized(folder, counters.contract());
        try (LakeSession reader = pipeline.session(SessionOptions.Access.READ)) {
            for (int round = 0; round < ROUNDS; round++) {
                int files = 1 + random.nextInt(5);
                for (int file = 0; file < files; file++) {
                    counters.stage(pipeline);
                }
                if (random.nextInt(3) == 0) {
                    ingestThatDies(pipeline, counters.contract());
                }
                pipeline.ingest(counters.contract(), SMALL_BATCHES, IngestListener.NONE);
                counters.loaded(pipeline);
                assertThat(counters.read(reader))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(counters.expected());
            }
            assertThat(reader.queryLong("""
                SELECT sum(written_rows - replaced_rows - deleted_rows)::BIGINT FROM lake.millrace.upsert\
                """))
                    .isEqualTo(reader.queryLong("SELECT" + " count(*)" + " FROM" + " lake.trips"));
            assertThat(reader.queryLong("SELECT sum(staged_rows)::BIGINT FROM lake.millrace.upsert"))
                    .isEqualTo(reader.queryLong("SELECT sum(rows)::BIGINT FROM lake.millrace.ledger"));
            assertThat(audit(pipeline, reader, counters.contract()).verdict()).isEqualTo(AuditReport.Verdict.HOLDS);
        }
    }

    private void ingestThatDies(Pipeline pipeline, Contract contract) {
        boolean afterCommit = random.nextBoolean();
        IngestListener dying = new IngestListener() {
            @Override
            public void written(DatasetName dataset, String batchId, int staged, int lakeFiles, long rows) {
                if (!afterCommit) {
                    throw new IllegalStateException("dies before its commit");
                }
            }

            @Override
            public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
                throw new IllegalStateException("dies after its commit");
            }
        };
        assertThatThrownBy(() -> pipeline.ingest(contract, SMALL_BATCHES, dying))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOlderRowDoesNotBringADeletedOneBack() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        // More deletes, each in a batch of its own, than files of deleted keys are kept.
        for (int id = 0; id < 18; id++) {
            pipeline.stage(contract, "p", List.of(row(contract, id, 0, 5L, true)));
        }
        IngestSettings one = new IngestSettings(new BatchLimits(1_000_000, 1, 16), 256_000_000, Duration.ZERO);
        pipeline.ingest(contract, one, IngestListener.NONE);
        pipeline.stage(contract, "p", List.of(row(contract, 0, 0, 4L, false), row(contract, 17, 0, 4L, false)));
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 6L, false), row(contract, 99, 0, 1L, false)));
        pipeline.ingest(contract, one, IngestListener.NONE);

        assertThat(pipeline.lakeTexts("SELECT id::VARCHAR FROM lake.trips ORDER BY id"))
                .containsExactly("1", "99");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.millrace_deleted.trips"))
                .isEqualTo(18);
        assertThat(pipeline.lakeLong("""
            SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file
            JOIN __ducklake_metadata_lake.ducklake_table t USING (table_id)
            JOIN __ducklake_metadata_lake.ducklake_schema s USING (schema_id)
            WHERE s.schema_name = 'millrace_deleted' AND ducklake_data_file.end_snapshot IS NULL\
            """)).isLessThan(16);
    }

    @Test
    void aFileWithoutAKeyIsRefusedAndItsNeighboursGoOn() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 1L, false)));
        pipeline.stage(contract, "p", List.of(row(contract, 2, 0, 1L, false), row(contract, 3, 0, null, false)));
        assertThat(pipeline.ingest(contract, Pipeline.SETTINGS, IngestListener.NONE)
                        .counts()
                        .quarantinedFiles())
                .isEqualTo(1);
        assertThat(pipeline.lakeTexts(
                        "SELECT reason || ': ' || message FROM lake.millrace.ledger WHERE reason IS NOT NULL"))
                .singleElement()
                .asString()
                .contains("missing-values", "'version'");
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isEqualTo(1);
    }

    @Test
    void whoChangesTheLakeMeanwhileIsNotUndone() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        pipeline.stage(
                contract,
                "p",
                List.of(
                        row(contract, 1, 0, 1L, false),
                        row(contract, 2, 0, 1L, false),
                        row(contract, 3, 0, 1L, false)));
        pipeline.ingest(contract, Pipeline.SETTINGS, IngestListener.NONE);
        pipeline.stage(contract, "p", List.of(row(contract, 1, 2, 2L, false)));
        AtomicBoolean first = new AtomicBoolean(true);
        IngestListener analyst = new IngestListener() {
            @Override
            public void written(DatasetName dataset, String batchId, int staged, int lakeFiles, long rows) {
                if (first.getAndSet(false)) {
                    try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
                        session.execute("DELETE FROM lake.trips WHERE id = 2");
                        session.execute("INSERT INTO lake.trips (id, day, version, value) VALUES (1, 0, 3, 7)");
                    }
                }
            }
        };
        pipeline.ingest(contract, Pipeline.SETTINGS, analyst);

        assertThat(pipeline.lakeTexts("SELECT concat_ws('|', id, day, version) FROM lake.trips ORDER BY ALL"))
                .containsExactly("1|0|1", "1|0|3", "3|0|1");
        assertThat(pipeline.lakeLong("SELECT dropped_rows FROM lake.millrace.upsert ORDER BY batch_id DESC LIMIT 1"))
                .isEqualTo(1);
        try (LakeSession reader = pipeline.session(SessionOptions.Access.READ)) {
            AuditReport report = audit(pipeline, reader, contract);
            assertThat(report.verdict()).isEqualTo(AuditReport.Verdict.CHANGED_BY_OTHERS);
            assertThat(report.notes()).singleElement().asString().contains("4 staged rows", "3 written", "1 dropped");
        }
    }

    /** An inlined delete can get lost beside a merge, and no file ends by it. */
    @Test
    void nothingIsInlinedWhereSomebodyHasSetTheOption() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 1L, false), row(contract, 2, 0, 1L, false)));
        pipeline.ingest(contract, Pipeline.SETTINGS, IngestListener.NONE);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            session.execute("CALL lake.set_option('data_inlining_row_limit', 10, table_name => 'trips')");
        }
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 2L, false)));
        pipeline.ingest(contract, Pipeline.SETTINGS, IngestListener.NONE);

        assertThat(pipeline.lakeTexts("SELECT concat_ws('|', id, version) FROM lake.trips ORDER BY ALL"))
                .containsExactly("1|2", "2|1");
        try (LakeSession session = pipeline.session(SessionOptions.Access.READ)) {
            DatasetTable table = new DatasetTable(session, contract.dataset());
            assertThat(session.queryLong(
                            "SELECT count(*) FROM __ducklake_metadata_lake.ducklake_data_file WHERE table_id = ? AND"
                                    + " end_snapshot IS NOT NULL",
                            table.id()))
                    .as("files that ended")
                    .isEqualTo(1);
            assertThat(InlinedByOthers.of(session, table, Long.MAX_VALUE - 1).deletedRows())
                    .isZero();
        }
    }

    @Test
    void anAuditFindsWhatTheBatchesDoNotAccountFor() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 1L, false), row(contract, 2, 0, 1L, false)));
        pipeline.ingest(contract, Pipeline.SETTINGS, IngestListener.NONE);
        try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
            session.execute("UPDATE lake.millrace.upsert SET written_rows = 3, staged_rows = 3");
            assertThat(audit(pipeline, session, contract).findings())
                    .extracting(finding -> finding.kind() + " " + finding.rows())
                    .containsExactly("DIFFERENT 0", "DIFFERENT 1");
        }
    }

    private static AuditReport audit(Pipeline pipeline, LakeSession session, Contract contract) {
        return new Audit(session, pipeline.staging).run(contract);
    }

    @Test
    void anotherModeThanTheOneThatTheDatasetWasMadeWithIsRefused() {
        Contract contract = Counters.contract(Counters.byVersion());
        Pipeline pipeline = Pipeline.initialized(folder, contract);
        pipeline.stage(contract, "p", List.of(row(contract, 1, 0, 1L, false)));
        for (WriteMode other :
                List.of(WriteMode.APPEND, new WriteMode.Upsert(List.of("day"), Optional.empty(), Optional.empty()))) {
            try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
                assertThatThrownBy(() -> pipeline.ingester(
                                        session, Pipeline.SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                                .ingest(Counters.contract(other)))
                        .isInstanceOf(LakeException.class)
                        .hasMessageContaining("'mode: upsert' by the key [id]")
                        .hasMessageContaining("new dataset");
            }
        }
        assertThat(pipeline.lakeLong("SELECT count(*) FROM lake.trips")).isZero();
    }

    private static GenericRecord row(Contract contract, long id, int day, Long version, boolean gone) {
        GenericRecord record = new GenericData.Record(contract.schema());
        record.put("id", id);
        record.put("day", day);
        record.put("version", version);
        record.put("gone", gone);
        record.put("value", 0L);
        return record;
    }
}
