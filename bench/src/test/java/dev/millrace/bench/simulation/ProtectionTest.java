package dev.millrace.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that each protection is needed: without it, some seed breaks what must always hold; and which are a courtesy only. */
@Tag("slow")
class ProtectionTest {
    private static final long SEEDS = 3_000;

    /** Each of these stops what another one would stop as well; only together are they missed. */
    private static final Set<Protection> COVERED =
            EnumSet.of(Protection.WRITTEN_ROWS_CHECK, Protection.END_EXACTLY_PLANNED_ROWS, Protection.ROW_COUNT_CHECK);

    /** They keep live holders from disturbing each other, and no promise rests on them: that is what the token is for. */
    private static final Set<Protection> COURTESY = EnumSet.of(Protection.LEASE, Protection.DEAD_HOLDER_CHECK);

    static Stream<Protection> needed() {
        return Stream.of(Protection.values())
                .filter(protection -> !COVERED.contains(protection) && !COURTESY.contains(protection));
    }

    static Stream<Set<Protection>> notMissed() {
        return Stream.concat(COVERED.stream().map(EnumSet::of), Stream.of(COURTESY));
    }

    @ParameterizedTest
    @MethodSource("needed")
    void withoutItSomethingBreaks(Protection protection) {
        Optional<Simulation.Result> broken = firstBroken(EnumSet.of(protection));
        assertThat(broken)
                .as("a seed that breaks something without %s", protection)
                .isPresent();
    }

    @ParameterizedTest
    @MethodSource("notMissed")
    void withoutTheseAllStillHolds(Set<Protection> protections) {
        assertThat(firstBroken(protections)).isEmpty();
    }

    @Test
    void ofTheChecksOfAMergeNotAllCanGo() {
        assertThat(firstBroken(COVERED)).isPresent();
    }

    private static Optional<Simulation.Result> firstBroken(Set<Protection> missing) {
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> Simulation.run(seed, missing, false))
                .filter(result -> result.violation().isPresent())
                .findFirst();
    }
}
