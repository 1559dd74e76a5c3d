package dev.millrace.bench.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proves that days that are staged and ingested at once all come in, and that a backfill ends at its deadline. */
class BackfillCommandTest {
    private static final Pattern LOGS = Pattern.compile("the run's logs stay in ([^)]+)\\)");

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
    void aBackfillThatTakesTooLongIsEnded() throws IOException {
        CommandRun run = CommandRun.of(
                new BackfillCommand(),
                "--embedded",
                "--days=3000",
                "--processes=1",
                "--rows-a-day=10",
                "--deadline=0.1s");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("did not end within its deadline").contains("3000 days");
        Matcher kept = LOGS.matcher(run.err());
        assertThat(kept.find()).as(run.err()).isTrue();
        FileUtils.deleteDirectory(Path.of(kept.group(1)).toFile());
    }

    private static void requireThreeDays(CommandRun run) {
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        assertThat(run.out()).containsPattern("(?m)^ +3 .* 300 +3 ");
    }
}
