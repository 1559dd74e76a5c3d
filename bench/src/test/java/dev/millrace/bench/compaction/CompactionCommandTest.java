package dev.millrace.bench.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Proves that the measurement of a compaction does the work that it tells of. */
@Tag("slow")
class CompactionCommandTest {
    @Test
    void aLakeOfSmallFilesIsCompactedToAFileAPartition() {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new CompactionCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()))
                .execute("--files=60", "--rows=20", "--partitions=3", "--rounds=2");
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("60 files of 20 rows", "the median of 2 times")
                .containsPattern("files, MB: before, after \\| \\| \\| 60, [0-9.]+; 3, ");
    }
}
