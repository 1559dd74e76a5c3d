package dev.millrace.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a process that stands still at a failpoint goes on when it is let, and does not outlive the one that started it. */
@Tag("slow")
class HaltedProcessTest {
    /** On a machine that is busy with others. */
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** Passes a failpoint. */
    static final class Passing {
        private Passing() {}

        public static void main(String[] args) {
            Failpoint.BEFORE_PUT.pass();
        }
    }

    /** Starts one that halts, and tells of its number when it stands still. */
    static final class Starting {
        private Starting() {}

        public static void main(String[] args) throws Exception {
            Path marker = Path.of(args[0]);
            Process halted = halted(marker);
            await().atMost(SOON).until(() -> Files.exists(marker));
            System.out.println(halted.pid());
            halted.waitFor();
        }
    }

    @Test
    void itGoesOnWhenItsMarkerIsTakenAway() throws Exception {
        Path marker = folder.resolve("marker");
        Process halted = halted(marker);
        try {
            await().atMost(SOON).until(() -> Files.exists(marker));
            assertThat(Files.readString(marker)).isEqualTo("BEFORE_PUT\n");
            assertThat(halted.isAlive()).isTrue();
            Files.delete(marker);
            assertThat(halted.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(halted.exitValue()).isZero();
        } finally {
            halted.destroyForcibly();
        }
    }

    @Test
    void itEndsWithTheProcessThatStartedIt() throws Exception {
        Path marker = folder.resolve("marker");
        Process starting = java(List.of(), Starting.class, marker.toString()).start();
        try (BufferedReader said = starting.inputReader(StandardCharsets.UTF_8)) {
            ProcessHandle halted =
                    ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            try {
                assertThat(halted.isAlive()).isTrue();
                starting.destroyForcibly().waitFor();
                assertThat(halted.onExit()).succeedsWithin(SOON);
                assertThat(marker).exists();
            } finally {
                halted.destroyForcibly();
            }
        } finally {
            starting.destroyForcibly();
        }
    }

    private static Process halted(Path marker) throws IOException {
        return java(
                        List.of(
                                "-D" + FailpointSwitch.HALT_AT + "=" + Failpoint.BEFORE_PUT + ":1",
                                "-D" + FailpointSwitch.MARKER + "=" + marker),
                        Passing.class)
                .start();
    }

    private static ProcessBuilder java(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
