package dev.millrace.bench.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Proves that what must always hold does so for ten thousand seeds in which every fault occurs, and that a seed always does the same. */
class SimulationTest {
    private static final long SEEDS = 10_000;

    @Tag("slow")
    @Test
    void whatMustAlwaysHoldDoesSoWhateverHappens() {
        Tally all = new Tally();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.Result result = Simulation.run(seed, Set.of(), false);
            assertThat(result.violation())
                    .as("seed %d; replay it with bench/run simulate --seed %d --trace", seed, seed)
                    .isEmpty();
            all.add(result.tally());
        }
        for (Event event : Event.values()) {
            assertThat(all.of(event)).as("how often: %s", event.words()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 4711})
    void aSeedAlwaysDoesTheSame(long seed) {
        Simulation.Result first = Simulation.run(seed, Set.of(), true);
        assertThat(first.trace()).hasSizeGreaterThan(100);
        assertThat(Simulation.run(seed, Set.of(), true).trace()).isEqualTo(first.trace());
        assertThat(Simulation.run(seed, Set.of(), false).tally().of(Event.STEPS))
                .isEqualTo(first.tally().of(Event.STEPS));
    }

    @Test
    void theCommandShowsTheStepsOfASeedThatBreaksSomethingAndHowToReplayIt() {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(errors));
        int exitCode = command.execute("--seeds=50", "--without=SWEEP_ONLY_LOADED,TOKEN");
        assertThat(exitCode).isNotZero();
        assertThat(out.toString()).contains("VIOLATION: ").containsPattern("(?m)^[0-9]+ t=[0-9]+ sweeper DELETE");
        assertThat(errors.toString()).containsPattern("replay it with bench/run simulate --seed [0-9]+ --trace");
    }

    @Test
    void theCommandTellsWhatItHasRun() {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out))
                .execute("--seeds=50", "--from=100");
        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("50  seeds", "lost replies", "nothing that must hold was broken");
    }
}
