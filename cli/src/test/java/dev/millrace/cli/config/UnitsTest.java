package dev.millrace.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.schemas.ByteSize;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that sizes and durations are read by their units and never without one. */
class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "1024B, 1024",
        "512MB, 512000000",
        "256MiB, 268435456",
        "1 GiB, 1073741824",
        "2kb, 2000",
        "9000000TB, 9000000000000000000"
    })
    void sizes(String text, long bytes) {
        assertThat(ByteSize.parseBytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1024", "1.5MB", "-1MB", "MB", "5XB", "99999999999999999TB"})
    void notSizes(String text) {
        assertThatThrownBy(() -> ByteSize.parseBytes(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "24h, PT24H", "7d, PT168H", "1h30m, PT1H30M", "0s, PT0S"})
    void durations(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "1h30", "1.5h", "-1s", "1h 30m", "1s1s", "PT1S", "1w"})
    void notDurations(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
