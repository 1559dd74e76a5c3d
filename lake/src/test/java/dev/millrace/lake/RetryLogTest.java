package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Proves that a run tells of its retries in a few words, however many they were. */
class RetryLogTest {
    private final RetryLog log = new RetryLog();

    private void retried(String reason) {
        log.add(new Retry("committing", 1, Duration.ofMillis(100), reason));
    }

    @Test
    void noneIsNothing() {
        assertThat(log.count()).isZero();
        assertThat(log.waited()).isZero();
        assertThat(log.reasons()).isEmpty();
    }

    @Test
    void theMostFrequentReasonComesFirst() {
        retried("database is locked");
        retried("could not serialize access");
        retried("could not serialize access");
        assertThat(log.count()).isEqualTo(3);
        assertThat(log.waited()).isEqualTo(Duration.ofMillis(300));
        assertThat(log.reasons()).isEqualTo("2 x could not serialize access; 1 x database is locked");
    }

    @Test
    void manyKindsAreSummedUp() {
        IntStream.rangeClosed(1, 9).forEach(kind -> retried("reason " + kind));
        assertThat(log.reasons())
                .isEqualTo("1 x reason 1; 1 x reason 2; 1 x reason 3; 1 x reason 4; 1 x reason 5; 4 x others");
    }
}
