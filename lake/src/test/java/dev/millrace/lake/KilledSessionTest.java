package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a process with an open session leaves nothing in the temporary folder, even when it is killed. */
@Tag("slow")
@Tag("stand")
class KilledSessionTest {
    @TempDir
    private Path folder;

    @Test
    void theTemporaryFolderStaysEmpty() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process process = ChildJvm.running(
                        OpenSession.class,
                        List.of("-Djava.io.tmpdir=" + temporary, "-XX:-UsePerfData"),
                        folder.resolve("lake").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo(OpenSession.OPEN + " 0");
            assertThat(temporary).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
        assertThat(temporary).isEmptyDirectory();
    }
}
