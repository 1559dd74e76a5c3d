package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.Contract;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.WriteMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a contract makes its table once, adds to it what is safe, and refuses what is not with a reason. */
@Tag("stand")
class DatasetContractTest {
    @TempDir
    Path folder;

    private static Contract trips(Schema schema, List<String> partitionBy, EvolutionPolicy evolution) {
        return new Contract(LakeTestBed.TRIPS, schema, partitionBy, List.of("id"), WriteMode.APPEND, evolution);
    }

    private static void apply(LakeSession session, Contract contract) {
        new DatasetContract(session, contract).apply();
    }

    private static SchemaBuilder.FieldAssembler<Schema> trip() {
        return SchemaBuilder.record("Trip").fields().requiredInt("id").requiredString("town");
    }

    @Test
    void applyingAContractTwiceChangesNothing() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            DatasetTable table = new DatasetTable(session, LakeTestBed.TRIPS);
            assertThat(new DatasetContract(session, LakeTestBed.tripsContract()).apply())
                    .isEqualTo(DatasetContract.Applied.UNCHANGED);
            assertThat(table.columns())
                    .containsExactly(new LakeColumn("id", "INTEGER"), new LakeColumn("town", "VARCHAR"));
            assertThat(table.folder()).isEqualTo(LakeStand.data(folder).root() + "/main/trips/");
            assertThat(table.size()).isEqualTo(new DatasetTable.Size(0, 0, 0));
        }
    }

    @Test
    void aNewNullableColumnIsAdded() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            Contract wider =
                    trips(trip().optionalDouble("fare").endRecord(), List.of("town"), EvolutionPolicy.ADD_COLUMNS);
            DatasetTable table = new DatasetTable(session, LakeTestBed.TRIPS);
            assertThat(new DatasetContract(session, wider).apply()).isEqualTo(DatasetContract.Applied.UNCHANGED);
            assertThat(table.columns()).doesNotContain(new LakeColumn("fare", "DOUBLE"));
            assertThat(new DatasetEvolution(session, LakeTestBed.TRIPS)
                            .apply(
                                    wider,
                                    LakeTestBed.ingestTerms(),
                                    new RewritePlace(LakeStand.data(folder), 1_000_000)))
                    .isInstanceOf(DatasetEvolution.Result.Done.class);
            assertThat(table.columns()).contains(new LakeColumn("fare", "DOUBLE"));
        }
    }

    @Test
    void whatCannotBeChangedIsRefusedByName() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).openWithTrips()) {
            assertThatThrownBy(() -> apply(
                            session,
                            trips(
                                    trip().requiredDouble("fare").endRecord(),
                                    List.of("town"),
                                    EvolutionPolicy.ADD_COLUMNS)))
                    .hasMessageContaining("requires the column 'fare'");
            assertThatThrownBy(() -> apply(
                            session,
                            trips(trip().optionalDouble("fare").endRecord(), List.of("town"), EvolutionPolicy.STRICT)))
                    .hasMessageContaining("strict");
            assertThatThrownBy(
                            () -> apply(session, trips(trip().endRecord(), List.of("id"), EvolutionPolicy.ADD_COLUMNS)))
                    .hasMessageContaining("partitioned by [town]");
            Schema longId = SchemaBuilder.record("Trip")
                    .fields()
                    .requiredLong("id")
                    .requiredString("town")
                    .endRecord();
            assertThatThrownBy(() -> apply(session, trips(longId, List.of("town"), EvolutionPolicy.ADD_COLUMNS)))
                    .hasMessageContaining("'id' has the type INTEGER in the lake and BIGINT in the contract");
        }
    }

    @Test
    void aTableThatSomebodyElseMadeIsLeftAlone() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).open(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            session.execute("CREATE TABLE lake.trips (id INTEGER, town VARCHAR)");
            session.execute("INSERT INTO lake.trips VALUES (1, 'Ulm')");
            Contract contract = trips(trip().endRecord(), List.of(), EvolutionPolicy.ADD_COLUMNS);
            assertThatThrownBy(() -> new DatasetContract(session, contract).apply())
                    .hasMessageContaining("was not made by Millrace");
        }
    }

    @Test
    void twoThatApplyAtOnceMakeOneTableWithOneLease() throws Exception {
        LakeTestBed bed = new LakeTestBed(folder);
        try (LakeSession session = bed.open(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<DatasetContract.Applied> apply = () -> {
                try (LakeSession session = bed.open(SessionOptions.Access.WRITE)) {
                    return new DatasetContract(session, LakeTestBed.tripsContract()).apply();
                }
            };
            for (Future<DatasetContract.Applied> applied : threads.invokeAll(List.of(apply, apply))) {
                applied.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (LakeSession session = bed.open(SessionOptions.Access.READ)) {
            assertThat(session.queryLong("SELECT count(*) FROM lake.millrace.lease"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aLakeWithoutThePipelinesTablesSaysWhatToRun() throws IOException {
        try (LakeSession session = new LakeTestBed(folder).open(SessionOptions.Access.CREATE)) {
            assertThatThrownBy(() -> PipelineTables.require(session)).hasMessageContaining("millrace init");
            PipelineTables.install(session);
            PipelineTables.require(session);
            session.execute("UPDATE lake.millrace.version SET version = 99");
            assertThatThrownBy(() -> PipelineTables.require(session)).hasMessageContaining("version 99");
        }
    }
}
