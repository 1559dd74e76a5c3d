package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that killed and frozen processes, and servers that are killed and come back, cost no row and double none. */
class SoakCommandTest {
    /** On a slow machine too: with a lease that is over before its holder has committed, all are fenced all the time. */
    private static final String LONGER_THAN_A_BATCH_TAKES = "--lease=6s";

    @Tag("slow")
    @Test
    void everyRowSurvivesTheFaultsOfAnEmbeddedSoak() {
        requireWhole("--embedded");
    }

    @Tag("served")
    @Test
    void everyRowSurvivesTheFaultsOfAServedSoak() {
        requireWhole("--served");
    }

    private static void requireWhole(String mode) {
        CommandRun run = CommandRun.of(
                new SoakCommand(),
                mode,
                "--seed=1",
                "--producers=2",
                "--duration=20s",
                "--fault-every=4s",
                LONGER_THAN_A_BATCH_TAKES,
                "--ingest-every=1s",
                "--compact-every=2s");

        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        assertThat(run.out())
                .contains("Every acknowledged row is in the lake exactly once")
                .contains("seed 1.")
                .doesNotContain("| acknowledged | 0 |");
        assertThat(run.err()).contains("fault");
    }
}
