package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.StagingKey;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves that of 10,000 keys that carry code each is told for what the producers' page says it is. */
class HostileKeyCheckTest {
    private static final int KEYS = 10_000;

    @Test
    void everyKeyIsToldForWhatItIs() {
        Map<HostileKeys.Fate, Integer> fates = new EnumMap<>(HostileKeys.Fate.class);
        for (String key : new HostileKeys(1, "127.0.0.1:9", "/etc/passwd").next(KEYS)) {
            HostileKeys.Fate fate = HostileKeys.fate(key);
            assertThat(StagingKey.classify(key)).as(key).isEqualTo(kind(fate));
            fates.merge(fate, 1, Integer::sum);
        }
        assertThat(fates)
                .allSatisfy((fate, keys) -> assertThat(keys).as(fate.name()).isGreaterThan(KEYS / 50));
        assertThat(fates).hasSize(HostileKeys.Fate.values().length);
    }

    private static StagingKey.Kind kind(HostileKeys.Fate fate) {
        return switch (fate) {
            case LOADED -> StagingKey.Kind.STAGED_FILE;
            case IGNORED -> StagingKey.Kind.IGNORED;
            case UNSAFE -> StagingKey.Kind.UNSAFE;
        };
    }
}
