package dev.millrace.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves when a schedule has something started, and that texts that are none are refused. */
class ScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-25T10:07:30Z");

    @Test
    void anIntervalCountsFromTheLastStartAndMakesUpForNothing() {
        Schedule everyMinute = Schedule.parse("1m");

        assertThat(everyMinute.next(Optional.empty(), NOW)).contains(NOW);
        assertThat(everyMinute.next(Optional.of(NOW.minusSeconds(20)), NOW)).contains(NOW.plusSeconds(40));
        assertThat(everyMinute.next(Optional.of(NOW.minus(Duration.ofHours(5))), NOW))
                .contains(NOW);
        assertThat(everyMinute).hasToString("every 1m");
    }

    @ParameterizedTest
    @CsvSource({
        "*/5 * * * *,2026-11-25T10:10:00Z",
        "0 3 * * *,2026-11-26T03:00:00Z",
        "7 10 * * *,2026-11-26T10:07:00Z",
        "0 0 1 1 *,2027-01-01T00:00:00Z",
        "30 6 * * 1,2026-11-30T06:30:00Z",
    })
    void cronIsReadInUtc(String expression, Instant next) {
        assertThat(Schedule.parse(expression).next(Optional.of(NOW), NOW)).contains(next);
    }

    @Test
    void offIsNever() {
        assertThat(Schedule.parse("off").next(Optional.empty(), NOW)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "often", "0s", "* * * *", "61 * * * *", "0 0 30 2 *", "@midday", "1 2 3 4 5 6 7"})
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> Schedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8480,127.0.0.1,8480", "'[::1]:0',::1,0", "lake.example:65535,lake.example,65535"})
    void addressesAreHostAndPort(String text, String host, int port) {
        assertThat(ListenAddress.parse(text))
                .isEqualTo(new ListenAddress(host, port))
                .hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8480", ":8480", "::1:8480", "host:65536", "http://host:1", "host:"})
    void otherAddressesAreRefused(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOST:PORT");
    }
}
