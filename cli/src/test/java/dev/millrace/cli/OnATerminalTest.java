package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves on a terminal of util-linux's {@code script} that the watch shows what changes and gives the terminal back, and that results are
 * printed there, and not where a process has no terminal at all.
 */
@Tag("slow")
class OnATerminalTest {
    private static final Path SCRIPT = Path.of("/usr/bin/script");
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    @TempDir
    Path folder;

    @BeforeEach
    void makeALake() throws IOException {
        assumeTrue(
                Files.isExecutable(SCRIPT) && Files.isExecutable(SETSID),
                "there is no 'script' and 'setsid'; install util-linux");
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts/trips.avsc"), """
            {"type": "record", "name": "Trip", "fields": [{"name": "id", "type": "long"}]}
            """);
        Files.writeString(folder.resolve("contracts/trips.yaml"), "dataset: trips\nschema: trips.avsc\n");
        Files.writeString(folder.resolve("trips.csv"), "id\n1\n2\n3\n");
        done("init");
    }

    private void done(String... args) {
        CommandRun run = CommandRun.of(folder, args);
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private Process start(Path output, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("TERM", "xterm", "COLUMNS", "80", "LINES", "24", "NO_COLOR", "1"));
        return builder.start();
    }

    private Process onATerminal(Path output, String... args) throws IOException {
        String command = JavaProcess.command(List.of(), Millrace.class, List.of(args)).stream()
                .map(part -> "'" + part + "'")
                .collect(Collectors.joining(" ", "exec ", ""));
        return start(output, List.of(SCRIPT.toString(), "-qfec", command, "/dev/null"));
    }

    private static String read(Path output) {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theWatchShowsWhatChangesAndGivesTheTerminalBack() throws Exception {
        Path output = folder.resolve("screen");
        Process watch = onATerminal(output, "status", "--watch", "200ms");
        try {
            await().atMost(CommandProcess.SOON)
                    .untilAsserted(() -> assertThat(read(output)).containsPattern("trips +0 +0"));
            done("stage", "trips", "trips.csv");
            await().atMost(CommandProcess.SOON)
                    .untilAsserted(() -> assertThat(read(output)).contains("1 file"));
            done("ingest");
            await().atMost(CommandProcess.SOON)
                    .untilAsserted(() -> assertThat(read(output)).containsPattern("trips +3 +1"));

            // Ctrl-C does nothing where the build runs in the background of a shell, which ignores SIGINT.
            watch.descendants().forEach(ProcessHandle::destroy);
            assertThat(watch.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(read(output)).startsWith("\u001b[?1049h").endsWith("\u001b[?1049l");
        } finally {
            watch.descendants().forEach(ProcessHandle::destroyForcibly);
            watch.destroyForcibly();
        }
    }

    @Test
    void resultsAreForThoseWhoAreAtATerminal() throws Exception {
        Path output = folder.resolve("output");
        done("stage", "trips", "trips.csv", "--producer", "till-1");
        Process seen = onATerminal(output, "ingest");
        assertThat(seen.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(read(output)).contains("trips: 3 rows of 1 staged file loaded");

        done("stage", "trips", "trips.csv", "--producer", "till-2");
        List<String> alone = new ArrayList<>(List.of(SETSID.toString(), "-w"));
        alone.addAll(JavaProcess.command(List.of(), Millrace.class, List.of("ingest")));
        Process unseen = start(output, alone);
        assertThat(unseen.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(read(output).lines().filter(line -> !line.startsWith("OpenJDK")))
                .isEmpty();
        assertThat(unseen.exitValue()).isZero();
        assertThat(CommandRun.of(folder, "sql", "SELECT count(*) AS n FROM trips")
                        .out())
                .contains("6");
    }
}
