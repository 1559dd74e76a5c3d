package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.storage.StoredObject;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which keys are taken for lake files, and that the later one of store and name tells how old they are. */
class LakeFileNameTest {
    private static final Instant NAMED = Instant.parse("2026-11-21T10:00:00Z");
    private static final Instant LATER = NAMED.plusSeconds(60);
    private static final Instant EARLIER = NAMED.minusSeconds(60);
    private static final String ID = id(NAMED);

    private static String id(Instant time) {
        String millis = String.format(Locale.ROOT, "%012x", time.toEpochMilli());
        return millis.substring(0, 8) + "-" + millis.substring(8) + "-7abc-8123-0123456789ab";
    }

    private static Instant madeAt(String name, Instant modifiedAt) {
        return LakeFileName.of(new StoredObject("main/trips/day=1/" + name, 1, modifiedAt))
                .madeAt();
    }

    @Test
    void theNameOfABatchTellsWhenItWasMadeAtTheEarliest() {
        for (String name : new String[] {ID + "-0.parquet", ID + "-12.parquet", "ducklake-" + ID + ".parquet"}) {
            assertThat(madeAt(name, EARLIER)).as(name).isEqualTo(NAMED);
            assertThat(madeAt(name, LATER)).as(name).isEqualTo(LATER);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data_0.parquet",
                "0198d2c4-1111-4222-8333-0123456789ab-0.parquet",
                "0198d2c4-1111-7222-8333-0123456789.parquet",
                "tmp_x.parquet"
            })
    void ofOtherNamesTheStoreTellsTheAge(String name) {
        assertThat(madeAt(name, EARLIER)).isEqualTo(EARLIER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main/trips/a.parquet.tmp",
                "main/trips/a.puffin",
                "main//a.parquet",
                "main/a\\b.parquet",
                "main/a\nb.parquet"
            })
    void whatAStoreDoesNotTakeBackAndOtherFilesAreLeftAlone(String key) {
        assertThat(LakeFileName.isParquet(key)).isFalse();
    }
}
