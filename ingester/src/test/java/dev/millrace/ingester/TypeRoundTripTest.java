package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeColumn;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Transaction;
import dev.millrace.lake.sql.SqlText;
import dev.millrace.schemas.Column;
import dev.millrace.staging.AllTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that values of every Avro type come out of the lake as they were staged, before and after a merge. */
@Tag("slow")
@Tag("stand")
class TypeRoundTripTest {
    private static final int SEARCHED_VALUES = 4;

    @TempDir
    private static Path folder;

    private static final Map<String, LakeSession> SESSIONS = new TreeMap<>();
    private static List<GenericRecord> rows;

    @BeforeAll
    static void ingestEveryWay() {
        for (AllTypesLake.Way way : AllTypesLake.Way.values()) {
            for (boolean merged : List.of(false, true)) {
                String state = way + (merged ? ", then merged" : "");
                AllTypesLake lake = AllTypesLake.ingested(folder.resolve(state), way, 7);
                LakeSession session = lake.open();
                SESSIONS.put(state, session);
                if (merged) {
                    AllTypesLake.merge(session, "all_types");
                }
                lake.tellExpected(session);
                rows = lake.rows;
            }
        }
    }

    @AfterAll
    static void close() {
        SESSIONS.values().forEach(LakeSession::close);
    }

    /** All that is asked of one state in one transaction: to begin one is half of what a small query costs. */
    private static void inEachState(BiConsumer<String, LakeSession> asks) {
        SESSIONS.forEach((state, session) -> Transaction.run(session, () -> {
            asks.accept(state, session);
            return state;
        }));
    }

    @Test
    void everyRowIsThereInAsManyFilesAsExpected() {
        inEachState((state, session) -> {
            assertThat(AllTypesLake.quarantined(session)).as(state).isEmpty();
            assertThat(session.queryLong("SELECT count(*) FROM lake.all_types"))
                    .as(state)
                    .isEqualTo(session.queryLong("SELECT count(*) FROM expected"));
            assertThat(AllTypesLake.lakeFiles(session))
                    .as(state)
                    .isEqualTo(state.endsWith("merged") ? 1 : AllTypesLake.FILES);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void theLakeHasTheTypeOfTheContract(String type, Column column) {
        inEachState((state, session) -> assertThat(AllTypesLake.columns(session))
                .as(state)
                .filteredOn(LakeColumn::name, column.name())
                .extracting(LakeColumn::type)
                .containsExactly(
                        session.queryOne("SELECT typeof(NULL::" + column.type().sql() + ")", row -> row.getString(1))
                                .orElseThrow()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void everyValueComesOut(String type, Column column) {
        String name = SqlText.identifier(column.name());
        inEachState((state, session) -> assertThat(session.query(
                        "SELECT id || ': staged ' || coalesce(e." + name
                                + "::VARCHAR, 'NULL') || ', found ' || coalesce(l."
                                + name + "::VARCHAR, 'NULL') FROM lake.all_types l RIGHT JOIN expected e USING (id)"
                                + " WHERE l." + name + " IS DISTINCT FROM e." + name,
                        row -> row.getString(1)))
                .as(state)
                .isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void anEqualityFilterFindsIt(String type, Column column) {
        Schema schema = AllTypes.SCHEMA.getField(column.name()).schema();
        List<String> searched = rows.stream()
                .map(row -> row.get(column.name()))
                .filter(Objects::nonNull)
                .map(value -> AvroLiteral.of(schema, value))
                // Zeros have a test of their own: the engine's Bloom filters take those of either sign for different
                // ones.
                .filter(value -> !value.startsWith("'-0.0'") && !value.startsWith("'0.0'"))
                .distinct()
                .limit(SEARCHED_VALUES)
                .toList();
        inEachState((state, session) -> {
            for (String value : searched) {
                String filter = " WHERE " + SqlText.identifier(column.name()) + " = " + value;
                assertThat(session.queryLong("SELECT count(*) FROM lake.all_types" + filter))
                        .as("%s:%s", state, filter)
                        .isPositive()
                        .isEqualTo(session.queryLong("SELECT count(*) FROM expected" + filter));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"float_", "double_"})
    void zeroFindsTheZerosOfEitherSign(String column) {
        LakeSession session = SESSIONS.get(AllTypesLake.Way.WRITTEN_ANEW.name());
        String zeros = "SELECT count(*) FROM %s WHERE " + column + " = 0";
        assertThat(session.queryLong(zeros.formatted("lake.all_types")))
                .isPositive()
                .isEqualTo(session.queryLong(zeros.formatted("expected")));
    }

    static Stream<Arguments> types() {
        return AllTypes.CONTRACT.columns().stream()
                .map(column -> Arguments.of(
                        column.name() + ": "
                                + described(
                                        AllTypes.SCHEMA.getField(column.name()).schema()),
                        column));
    }

    private static String described(Schema schema) {
        if (schema.isUnion()) {
            return "nullable " + described(schema.getTypes().get(1));
        }
        return schema.getLogicalType() == null
                ? schema.getType().getName()
                : schema.getLogicalType().getName() + " in " + schema.getType().getName();
    }
}
