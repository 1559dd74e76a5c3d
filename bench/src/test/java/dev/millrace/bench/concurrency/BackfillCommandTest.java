package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that days that are staged and ingested at once all come in, and that a backfill ends at its deadline. */
class BackfillCommandTest {
    @Tag("slow")
    @Test
    void threeDaysOfTwoProcessesComeIn() {
        requireThreeDays(
                CommandRun.of(new BackfillCommand(), "--embedded", "--days=3", "--processes=2", "--rows-a-day=100"));
    }

    @Tag("served")
    @Test
    void threeDaysOfTwoProcessesComeInOnServers() {
        requireThreeDays(
                CommandRun.of(new BackfillCommand(), "--served", "--days=3", "--processes=2", "--rows-a-day=100"));
    }

    @Tag("slow")
    @Test
    void aBackfillThatTakesTooLongIsEnded() {
        CommandRun run = CommandRun.of(
                new BackfillCommand(),
                "--embedded",
                "--days=3000",
                "--processes=1",
                "--rows-a-day=10",
                "--deadline=0.1s");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("did not end within its deadline").contains("3000 days");
    }

    private static void requireThreeDays(CommandRun run) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        assertThat(run.out()).containsPattern("(?m)^ +3 .* 300 +3 ");
    }
}
