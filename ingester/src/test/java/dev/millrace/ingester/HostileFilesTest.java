package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.EveryCore;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that files which are made to hurt do not: the ingester lives, the neighbours load, and of our writer's files none is loaded
 * with other rows than were written. {@code -Dmillrace.mutations=2000} makes that many broken files instead of some.
 */
@Tag("slow")
@ExtendWith(EveryCore.class)
class HostileFilesTest {
    private static final int MUTATIONS = Integer.getInteger("millrace.mutations", 160);
    private static final List<Mutation> KINDS = List.of(Mutation.values());
    private static final Path CORPORA = Path.of("src/test/resources/parquet-testing/data");
    private static final List<String> FOREIGN =
            List.of("alltypes_plain", "nested_maps.snappy", "delta_encoding_optional_column", "int96_from_spark");
    private static final int ROWS = 40;
    private static final long MEMORY_BYTES = 1_000_000_000;
    private static final IngestSettings SETTINGS = new IngestSettings(
                    new BatchLimits(100_000_000, 500, 16), 256_000_000, Duration.ZERO)
            .withMaxRefused(MUTATIONS);

    @TempDir
    private Path folder;

    @Test
    @Timeout(1_200)
    void noMutatedFileHurtsAndNoneOfOurWriterIsLoadedWithOtherRows() throws IOException {
        Pipeline pipeline = new Pipeline(folder);
        try (LakeSession session = session(pipeline)) {
            PipelineTables.install(session);
            new DatasetContract(session, Pipeline.trips()).apply();
            String seed = pipeline.stage("good", 1, 0, ROWS);
            byte[] bytes = pipeline.bytes(seed);
            Random random = new Random(1);
            for (int file = 0; file < MUTATIONS / 2; file++) {
                pipeline.putForeign(file + ".parquet", mutation(file).of(bytes, random));
            }
            IngestResult.Done done = ingest(pipeline, session, Pipeline.trips());

            assertThat(done.counts().files() + done.counts().quarantinedFiles()).isEqualTo(MUTATIONS / 2 + 1L);
            assertThat(session.queryLong("SELECT count(*) FROM lake.trips"))
                    .isEqualTo(done.counts().files() * ROWS);
            assertThat(session.query(
                            "SELECT DISTINCT count(*) FROM lake.trips GROUP BY id, day, town", row -> row.getLong(1)))
                    .as("each row as often as files were loaded, and no other one")
                    .containsExactly(done.counts().files());
            assertThat(session.queryLong("SELECT count(DISTINCT (id, day, town)) FROM lake.trips"))
                    .isEqualTo(ROWS);
            assertThat(session.queryLong("SELECT count(*) FROM lake.trips WHERE id NOT BETWEEN 0 AND " + (ROWS - 1)))
                    .isZero();
            tell(session, "ours");
        }
    }

    @Test
    @Timeout(1_200)
    void noMutatedFileOfAnotherWriterHurts() throws IOException {
        Pipeline pipeline = new Pipeline(folder);
        try (LakeSession session = session(pipeline)) {
            PipelineTables.install(session);
            Random random = new Random(2);
            for (String seed : FOREIGN) {
                Contract contract = anything(seed);
                new DatasetContract(session, contract).apply();
                byte[] bytes = Files.readAllBytes(CORPORA.resolve(seed + ".parquet"));
                int files = MUTATIONS / 2 / FOREIGN.size();
                for (int file = 0; file < files; file++) {
                    pipeline.put(
                            contract.dataset() + "/stranger/" + file + ".parquet",
                            mutation(file).of(bytes, random));
                }
                pipeline.put(contract.dataset() + "/stranger/good.parquet", bytes);
                IngestResult.Done done = ingest(pipeline, session, contract);

                assertThat(done.counts().files() + done.counts().quarantinedFiles())
                        .isEqualTo(files + 1L);
                assertThat(session.queryLong(
                                "SELECT count(*) FROM lake.millrace.ledger WHERE status = 'loaded' AND staged_key = '"
                                        + contract.dataset() + "/stranger/good.parquet'"))
                        .as("the good file of " + seed)
                        .isEqualTo(1);
            }
            tell(session, "others");
        }
    }

    @Test
    void whatWouldEndTheProcessIsFoundBeforeTheEngineSeesIt() throws IOException {
        Pipeline pipeline = new Pipeline(folder);
        try (LakeSession session = session(pipeline)) {
            PipelineTables.install(session);
            new DatasetContract(session, Pipeline.trips()).apply();
            pipeline.stage("good", 1, 0, ROWS);
            pipeline.putForeign("deep.parquet", DeepParquet.nested(50_000));
            pipeline.putForeign("less-deep.parquet", DeepParquet.nested(100));
            pipeline.putForeign("wide.parquet", DeepParquet.wide(1_000_000));
            IngestResult.Done done = ingest(pipeline, session, Pipeline.trips());

            assertThat(done.counts().files()).isEqualTo(1);
            assertThat(session.query(
                            "SELECT regexp_extract(staged_key, '[^/]+$') || ': ' || reason || ', ' || message FROM"
                                    + " lake.millrace.ledger WHERE status = 'quarantined' ORDER BY 1",
                            row -> row.getString(1)))
                    .containsExactly(
                            "deep.parquet: exceeds-limit, its columns are nested 65 levels deep or deeper, more than"
                                    + " the 64 that ingest.max-nesting allows",
                            "less-deep.parquet: exceeds-limit, its columns are nested 65 levels deep or deeper, more"
                                    + " than the 64 that ingest.max-nesting allows",
                            "wide.parquet: exceeds-limit, its schema has 1000000 columns, more than the 10000 that"
                                    + " ingest.max-columns allows");
        }
    }

    @Test
    void filesThatARunDiesOfAreFoundByTheNextOne() throws IOException {
        Pipeline pipeline = new Pipeline(folder);
        IngestSettings withoutLimits = SETTINGS.with(
                new FileLimits(64_000_000, 10_000, 1_000_000, 4_000_000_000L, 100_000_000, 1_000_000_000));
        try (LakeSession session = session(pipeline)) {
            PipelineTables.install(session);
            new DatasetContract(session, Pipeline.trips()).apply();
            pipeline.putForeign("deep.parquet", DeepParquet.nested(50_000));
            pipeline.putForeign(
                    "time.parquet",
                    Files.readAllBytes(Path.of("src/test/resources/hostile/time-beyond-a-day.parquet")));
            pipeline.stage("good", 1, 0, ROWS);
            pipeline.stage("good", 2, ROWS, ROWS);
            session.update(
                    "UPDATE lake.millrace.lease SET holder = ?, run_id = 'dead', taken_at = ?, expires_at = ?"
                            + " WHERE activity = 'ingest'",
                    "elsewhere-1-" + new UUID(0, 1),
                    Instant.EPOCH,
                    Instant.EPOCH);

            IngestResult.Done done = (IngestResult.Done)
                    pipeline.ingester(session, withoutLimits, Clock.systemUTC(), IngestListener.NONE)
                            .ingest(Pipeline.trips());

            assertThat(done.counts().files()).isEqualTo(2);
            assertThat(session.query(
                            "SELECT reason || ': ' || message FROM lake.millrace.ledger WHERE status = 'quarantined'",
                            row -> row.getString(1)))
                    .hasSize(2)
                    .allMatch(said -> said.startsWith(
                            "crashes-engine: a process that did nothing but read it ended with exit code "));
        }
    }

    private static Mutation mutation(int file) {
        return KINDS.get(file % KINDS.size());
    }

    private LakeSession session(Pipeline pipeline) {
        return LakeSession.open(
                LakeStand.address(folder),
                SessionOptions.of(SessionOptions.Access.CREATE)
                        .withReadablePlaces(List.of(pipeline.staging.root() + "/"))
                        .withMemory(MEMORY_BYTES));
    }

    private static IngestResult.Done ingest(Pipeline pipeline, LakeSession session, Contract contract) {
        return (IngestResult.Done) pipeline.ingester(session, SETTINGS, Clock.systemUTC(), IngestListener.NONE)
                .ingest(contract);
    }

    private static Contract anything(String name) {
        return new Contract(
                DatasetName.parse(name.replace('.', '_')),
                SchemaBuilder.record("Anything")
                        .fields()
                        .optionalLong("neighbour")
                        .endRecord(),
                List.of(),
                List.of(),
                WriteMode.APPEND,
                EvolutionPolicy.ADD_COLUMNS);
    }

    /** For the documentation: what became of the files. */
    private static void tell(LakeSession session, String whose) throws IOException {
        Files.write(
                Path.of("target/mutations-" + whose + ".tsv"),
                session.query(
                        "SELECT dataset || chr(9) || coalesce(reason, status) || chr(9) || count(*) FROM"
                                + " lake.millrace.ledger GROUP BY dataset, coalesce(reason, status) ORDER BY 1",
                        row -> row.getString(1)));
    }
}
