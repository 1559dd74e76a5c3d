package dev.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Proves that the benchmark of small files runs on servers of its own, and that it notices work that was not done. */
class SmallFilesCommandTest {
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"--days=3 --verify-checksums", "--unpartitioned"})
    void everyContenderDoesTheWork(String options) throws Exception {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new Bench()).setOut(new PrintWriter(out));

        int exitCode =
                command.execute(("small-files --files=12 --rows=10 --rounds=1 --json " + options).split(" ", -1));

        assertThat(exitCode).isZero();
        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.path("contenders").fieldNames())
                .toIterable()
                .startsWith("millrace", "duckdb", "ducklake")
                .hasSize(options.contains("verify") ? 4 : 3);
        assertThat(result.path("ratios_to_millrace").size()).isEqualTo(options.contains("verify") ? 1 : 0);
        assertThat(result.path("contenders").path("millrace").path("parts").fieldNames())
                .toIterable()
                .containsExactly("list", "lease", "inspect", "write", "commit", "end");
        assertThat(result.path("ratio").asDouble()).isPositive();
        assertThat(result.path("machine").path("versions").path("DuckLake").asText())
                .isNotBlank();
    }

    @Test
    void aMissingADoubledAndAChangedRowAreNoticed() {
        Workload workload = new Workload(2, 5, 1, true);
        new Content(10, 10, 45).require(workload, "the table");
        for (Content wrong : List.of(new Content(9, 9, 36), new Content(11, 10, 49), new Content(10, 10, 46))) {
            assertThatThrownBy(() -> wrong.require(workload, "the table"))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("the table")
                    .hasMessageContaining(wrong.toString());
        }
    }
}
