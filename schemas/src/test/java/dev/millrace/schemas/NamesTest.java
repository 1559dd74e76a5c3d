package dev.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that names of datasets, producers and batches pass only when they are safe in keys, folders and SQL. */
class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"flights", "sales.orders", "a", "a_1", "main.flights"})
    void acceptsDatasetNames(String name) {
        DatasetName parsed = DatasetName.parse(name);

        assertThat(parsed).isEqualTo(DatasetName.parse(parsed.toString()));
    }

    @Test
    void theDefaultSchemaIsNotWritten() {
        assertThat(DatasetName.parse("flights")).isEqualTo(new DatasetName("main", "flights"));
        assertThat(DatasetName.parse("main.flights")).hasToString("flights");
        assertThat(DatasetName.parse("sales.orders")).hasToString("sales.orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "a.", ".a", "a.b.c", "Flights", "1a", "_a", "a-b", "a b", "a/b", "a'b", "a\"b", "a;b", "ü",
                "a\n"
            })
    void refusesOtherDatasetNames(String name) {
        assertThatThrownBy(() -> DatasetName.parse(name))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContaining("not a valid name");
    }

    @Test
    void refusesLongAndReservedDatasetNames() {
        assertThat(DatasetName.parse("a".repeat(63)).table()).hasSize(63);
        assertThatThrownBy(() -> DatasetName.parse("a".repeat(64))).isInstanceOf(InvalidContractException.class);
        assertThatThrownBy(() -> DatasetName.parse("millrace.ledger")).hasMessageContainingAll("millrace", "reserved");
        assertThatThrownBy(() -> DatasetName.parse("information_schema.x")).hasMessageContaining("reserved");
    }

    @Test
    void datasetNamesSortByTheirText() {
        List<DatasetName> names = new ArrayList<>(List.of(
                DatasetName.parse("z"), DatasetName.parse("sales.a"), DatasetName.parse("b"), DatasetName.parse("a")));

        names.sort(null);

        assertThat(names).extracting(DatasetName::toString).containsExactly("a", "b", "sales.a", "z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "_a", "a.b", "a/b", "a b", "..", "ü", "a*"})
    void refusesProducersThatAreNoSafePartOfAKey(String id) {
        assertThatThrownBy(() -> new ProducerId(id))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContaining("'" + id + "'");
    }

    @Property
    void anyTextSanitizesToAProducer(@ForAll String text) {
        assertThat(ProducerId.sanitized(text).value()).matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}");
    }

    @Test
    void sanitizingKeepsWhatIsAllowed() {
        assertThat(ProducerId.sanitized("host-1.example.org")).hasToString("host-1-example-org");
        assertThat(ProducerId.sanitized("...")).hasToString("producer");
    }

    @Test
    void batchIdsAreUniqueAndSortByTime() {
        List<BatchId> ids = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(BatchId.next());
        }

        assertThat(ids).isSorted();
        assertThat(new HashSet<>(ids)).hasSize(10_000);
        assertThat(UUID.fromString(ids.get(0).value()).version()).isEqualTo(7);
    }

    @Test
    void partsOfABatchAreTheSameAtEveryTry() {
        UUID base = UUID.fromString("0198a5c2-7f00-7000-8000-000000000001");

        assertThat(BatchId.part(base, 7)).hasToString("0198a5c2-7f00-7000-8000-000000000001-00007");
        assertThat(BatchId.part(base, 7)).isEqualTo(BatchId.part(base, 7));
        assertThat(BatchId.part(base, 9).compareTo(BatchId.part(base, 10))).isNegative();
        assertThatThrownBy(() -> BatchId.part(base, 100_000)).isInstanceOf(InvalidContractException.class);
        assertThatThrownBy(() -> BatchId.part(base, -1)).isInstanceOf(InvalidContractException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "0198A5C2-7F00-7000-8000-000000000001", "0198a5c2-7f00-7000-8000-000000000001-1"})
    void refusesOtherBatchIds(String id) {
        assertThatThrownBy(() -> new BatchId(id))
                .isInstanceOf(InvalidContractException.class)
                .hasMessageContaining("'" + id + "'");
    }
}
