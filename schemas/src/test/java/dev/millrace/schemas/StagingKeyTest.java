package dev.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which keys of the staging area are taken in, passed over, or kept away from the engine. */
class StagingKeyTest {
    @Test
    void aKeyIsDatasetProducerAndBatch() {
        BatchId id = BatchId.next();
        StagingKey key = new StagingKey(DatasetName.parse("sales.orders"), new ProducerId("p1"), id);

        assertThat(key).hasToString("sales.orders/p1/" + id + ".parquet");
        assertThat(StagingKey.classify(key.toString())).isEqualTo(StagingKey.Kind.STAGED_FILE);
        assertThat(key.toString()).startsWith(StagingKey.prefix(key.dataset()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flights/a.parquet",
                "flights/flight_date=2026-01-01/p/part-0000.snappy.parquet",
                "flights/p/a+b@c,d.parquet"
            })
    void takesFilesOfOtherWriters(String key) {
        assertThat(StagingKey.classify(key)).isEqualTo(StagingKey.Kind.STAGED_FILE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flights/_SUCCESS",
                "flights/_temporary/0/a.parquet",
                "flights/p/.spool-1.parquet",
                "flights/.a/b.parquet",
                "flights/p/a.csv",
                "flights/p/a.parquet.crc",
                "flights/p/a.PARQUET"
            })
    void passesOverWhatIsNotMeantForIt(String key) {
        assertThat(StagingKey.classify(key)).isEqualTo(StagingKey.Kind.IGNORED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flights/*.parquet",
                "flights/[a].parquet",
                "flights/a.parquet?s3_endpoint=evil.parquet",
                "flights/a b.parquet",
                "flights/a'b.parquet",
                "flights//a.parquet",
                "flights/a%2e.parquet",
                "flights/ü.parquet",
                "flights/a\n.parquet",
                "/flights/a.parquet"
            })
    void keepsUnsafeKeysAway(String key) {
        assertThat(StagingKey.classify(key)).isEqualTo(StagingKey.Kind.UNSAFE);
    }

    @Test
    void keepsOverlongKeysAway() {
        assertThat(StagingKey.classify("flights/" + "a/".repeat(450) + "b.parquet"))
                .isEqualTo(StagingKey.Kind.UNSAFE);
        assertThat(StagingKey.classify("flights/" + "a".repeat(256) + ".parquet"))
                .isEqualTo(StagingKey.Kind.UNSAFE);
    }

    @Property
    void nothingThatTheEngineInterpretsEverPasses(@ForAll String text) {
        String key = "flights/" + text + ".parquet";
        if (StagingKey.classify(key) == StagingKey.Kind.STAGED_FILE) {
            assertThat(key)
                    .doesNotContainPattern("[*?\\[\\]'\"\\\\%#;\\s\\p{Cntrl}]")
                    .doesNotContain("..", "//");
        }
    }
}
