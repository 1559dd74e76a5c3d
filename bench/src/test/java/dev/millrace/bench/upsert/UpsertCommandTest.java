package dev.millrace.bench.upsert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Proves that the measurement of an upsert does the work that it tells of. */
@Tag("slow")
class UpsertCommandTest {
    @Test
    void rowsAreReplacedInTheFilesThatHoldThem() {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new UpsertCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()))
                .execute("--lake-rows=2000", "--batch-rows=100");
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("2,000 rows in 1 lake files")
                .containsPattern("keys from everywhere \\| upsert \\| [0-9.]+ \\| [0-9,]+ \\| [1-9]");
    }
}
