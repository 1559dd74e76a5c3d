package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that the end of a pin is read as the help says, and that nothing else is taken for one. */
class PinEndTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void durationsDatesAndTimes() {
        assertThat(PinEnd.parse("90d", NOON)).isEqualTo("2027-02-19T12:00:00Z");
        assertThat(PinEnd.parse("1h30m", NOON)).isEqualTo("2026-11-21T13:30:00Z");
        assertThat(PinEnd.parse("2026-12-31", NOON)).isEqualTo("2027-01-01T00:00:00Z");
        assertThat(PinEnd.parse("2026-11-21", NOON)).as("today").isEqualTo("2026-11-22T00:00:00Z");
        assertThat(PinEnd.parse("2026-12-31T18:00:00Z", NOON)).isEqualTo("2026-12-31T18:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "90", "0s", "2026-11-20", "2026-11-21T12:00:00Z", "2026-02-30", "21.11.2027", "-90d"
            })
    void whatIsNoneOrIsOverIsRefused(String text) {
        assertThatThrownBy(() -> PinEnd.parse(text, NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("90d")
                .hasMessageContaining("in the future");
    }
}
