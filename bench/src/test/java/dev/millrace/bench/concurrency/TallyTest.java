package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Proves that nothing is lost of what processes tell, and that a lake that is not as told is found. */
class TallyTest {
    @Test
    void aTallyIsReadAsItWasWritten() throws JsonProcessingException {
        Tally tally = account(3).tally();
        assertThat(Tally.parse(tally.toText())).isEqualTo(tally);
    }

    @Test
    void twoLivesAddUp() {
        Tally sum = account(3).tally().plus(account(100).tally());
        assertThat(sum.tried()).isEqualTo(103);
        assertThat(sum.done()).isEqualTo(103);
        assertThat(sum.rows()).isEqualTo(2_575);
        assertThat(sum.longestTransactionMillis()).isEqualTo(100);
        assertThat(sum.findings()).hasSize(2);
        assertThat(sum.measured().count()).isEqualTo(103);
        assertThat(sum.measured().maxMillis()).isEqualTo(100, within(1.0));
        assertThat(sum.measured().medianMillis()).isEqualTo(49, within(1.0));
    }

    private static Account account(int batches) {
        Account account = new Account();
        for (int batch = 1; batch <= batches; batch++) {
            account.begun();
            account.addRows(25);
            account.done(Duration.ofMillis(batch));
            account.transaction(Duration.ofMillis(batch));
        }
        account.found("of " + batches);
        return account;
    }

    @Test
    void whatBecameOfDirectWritesIsSaid() {
        Tally writers = account(4).tally();
        assertThat(RunResult.findings(writers, lake(100, 100), Tally.NONE)).isEmpty();
        assertThat(RunResult.findings(writers, lake(75, 75), Tally.NONE))
                .containsExactly("25 rows that were told written are not there");
        assertThat(RunResult.findings(writers, lake(125, 125), Tally.NONE))
                .containsExactly("25 rows are there of writes that were told failed");
        assertThat(RunResult.findings(writers, lake(125, 100), Tally.NONE)).containsExactly("25 rows are doubled");
    }

    private static LakeState lake(long rows, long distinct) {
        return new LakeState(rows, distinct, rows, 1, 1);
    }

    @Test
    void anOrderIsReadAsItWasWritten() {
        Order order = new Order(
                Role.PRODUCER,
                3,
                1,
                new SiteAddress(Mode.SERVED, "run1"),
                new Pace(25, 1, 5_000, 0, 4, 300_000, new Pace.Others(true, 10_000)),
                "acknowledged");
        assertThat(Order.parse(order.toText())).isEqualTo(order);
        assertThatThrownBy(() -> Order.parse("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pace(0, 1, 5_000, 0, 4, 300_000, Pace.Others.NONE))
                .hasMessageContaining("(0)");
    }

    @Test
    void theFirstFindingsAreKept() {
        List<String> findings =
                IntStream.range(0, 50).mapToObj(Integer::toString).toList();
        assertThat(new Tally(0, 0, 0, 0, 0, 0, 0, 0, findings, Latencies.NONE).findings())
                .hasSize(20);
    }
}
