package dev.millrace.bench.kills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.failpoint.Failpoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A few rounds of every fault that {@code bench/run kills} makes by the hundred. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
abstract class Kills {
    /** At each failpoint; the lake is looked at after those at two of them. */
    private static final int KILLS = 2;

    private static final int RANDOM_KILLS = 4;
    private static final int STALE_HOLDERS = 2;
    private static final int RACES = 5;
    private static final int LANES = 2;

    final Clock clock = Clock.systemUTC();
    private final long seed = Long.getLong("millrace.test.seed", System.nanoTime());
    private Lanes lanes;
    private Passings passings;

    abstract Sites sites(Path folder);

    @BeforeAll
    void recordWhatIsPassed(@TempDir Path folder) {
        System.out.println("millrace.test.seed = " + seed);
        lanes = new Lanes(sites(folder), seed, clock, LANES);
        passings = lanes.passings(EnumSet.allOf(Role.class));
    }

    @AfterAll
    void close() {
        lanes.close();
    }

    @ParameterizedTest
    @MethodSource
    void nothingIsLostOrDoubledByKillsAt(Failpoint one, Failpoint another) {
        List<Round> kills = Stream.of(one, another)
                .<Round>map(failpoint -> new FailpointKill(failpoint, passings, KILLS))
                .toList();
        Tally tally = lanes.run(one + " and " + another, 1, new InARow(kills));

        assertThat(tally.findings()).isEmpty();
        assertThat(tally.struck()).isEqualTo(2 * KILLS);
    }

    /** Each failpoint once, with one of another half of the work. */
    static Stream<Arguments> nothingIsLostOrDoubledByKillsAt() {
        List<Failpoint> all = List.of(Failpoint.values());
        int half = (all.size() + 1) / 2;
        return IntStream.range(0, half).mapToObj(i -> Arguments.of(all.get(i), all.get((i + half) % all.size())));
    }

    @Test
    void nothingIsLostOrDoubledByAKillAtAnyMoment() {
        Tally tally = lanes.run("any moment", RANDOM_KILLS, new RandomKill(passings));

        assertThat(tally.findings()).isEmpty();
    }

    @Test
    void aStaleHolderSaysThatItWasFencedAndChangesNothing() {
        Tally tally = lanes.run("stale holder", STALE_HOLDERS, new StaleHolder(passings, clock));

        assertThat(tally.findings()).isEmpty();
        assertThat(tally.struck()).isEqualTo(STALE_HOLDERS);
    }

    @Test
    void ofTwoRacingIngestersOneDoesTheWork() {
        Tally tally = lanes.run("race of two ingesters", RACES, new Race(clock));

        assertThat(tally.findings()).isEmpty();
    }
}
