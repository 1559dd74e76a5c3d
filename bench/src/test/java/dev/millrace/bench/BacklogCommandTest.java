package dev.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Proves that the measurement of a backlog finds the files that it has made. */
@Tag("slow")
class BacklogCommandTest {
    @Test
    void theFilesAreCountedBothWays() {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new BacklogCommand())
                .setOut(new PrintWriter(out, true))
                .execute("--files=1500", "--rounds=1");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).containsPattern("\\| 1,500 \\| [0-9.]+ \\| [0-9.]+ \\| [0-9.]+ \\|");
    }
}
