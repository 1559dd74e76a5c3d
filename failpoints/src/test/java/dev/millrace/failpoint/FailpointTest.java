package dev.millrace.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Proves that a listener on the class path hears of what is passed, can end it, and that the moments come in pairs. */
class FailpointTest {
    @Test
    void aListenerHearsOfWhatIsPassedUntilItIsClosed() {
        List<Failpoint> heard = new ArrayList<>();
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(heard::add)) {
            assertThat(listening).isNotNull();
            Failpoint.BEFORE_PUT.pass();
            Failpoint.AFTER_COMMIT.pass();
        }
        Failpoint.AFTER_PUT.pass();
        assertThat(heard).containsExactly(Failpoint.BEFORE_PUT, Failpoint.AFTER_COMMIT);
    }

    @Test
    void whatAListenerThrowsComesOutWhereItIsPassed() {
        try (FailpointSwitch.Listening listening = FailpointSwitch.listen(failpoint -> {
            throw new IllegalStateException(failpoint.name());
        })) {
            assertThat(listening).isNotNull();
            assertThatThrownBy(Failpoint.BEFORE_COMMIT::pass).hasMessage("BEFORE_COMMIT");
        }
    }

    @Test
    void eachStepHasAMomentBeforeAndOneAfter() {
        assertThat(steps("BEFORE_")).isEqualTo(steps("AFTER_")).hasSize(Failpoint.values().length / 2);
    }

    private static List<String> steps(String moment) {
        return Stream.of(Failpoint.values())
                .map(Failpoint::name)
                .filter(name -> name.startsWith(moment))
                .map(name -> name.substring(moment.length()))
                .toList();
    }
}
