package dev.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves what is said of the rounds of a measurement. */
class TimesTest {
    @Test
    void theMedianIsTheMiddleOfTheSortedRounds() {
        assertThat(times(5, 1, 3).median()).isEqualTo(Duration.ofMillis(3));
        assertThat(times(4, 1, 3, 9).median()).isEqualTo(Duration.ofNanos(3_500_000));
        assertThat(times(5, 1, 3).min()).isEqualTo(Duration.ofMillis(1));
        assertThat(times(5, 1, 3).max()).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        assertThat(times(3, 100, 2).ratioTo(times(2, 1, 90))).isCloseTo(1.5, within(1e-9));
    }

    @Test
    void nothingIsSaidOfNoRounds() {
        assertThatThrownBy(() -> new Times(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static Times times(long... milliseconds) {
        return new Times(
                Arrays.stream(milliseconds).mapToObj(Duration::ofMillis).toList());
    }
}
