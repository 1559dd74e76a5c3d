package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the launcher finds its home from anywhere and says in one line what the machine lacks. */
@Tag("slow")
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "cat", "dirname", "find", "flock", "head", "mkdir", "mv", "readlink", "rm", "sed", "sh", "sleep", "tail");

    @TempDir
    Path folder;

    private Path launcher;
    private Path tools;

    @BeforeEach
    void aHomeWithABlankInItsName() throws IOException {
        Path home = Files.createDirectories(folder.resolve("a home"));
        launcher = Files.copy(Path.of("..", "millrace"), home.resolve("millrace"));
        Files.copy(Path.of("..", "pom.xml"), home.resolve("pom.xml"));
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                Path file = Path.of(place, tool);
                if (Files.exists(file)) {
                    Files.writeString(tools.resolve(tool), "#!/bin/sh\nexec " + file + " \"$@\"\n");
                    assertThat(tools.resolve(tool).toFile().setExecutable(true)).isTrue();
                }
            }
        }
    }

    @Test
    void withoutJavaItSaysSo() throws Exception {
        Finished run = run(launcher, null);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output())
                .startsWith("millrace: Java 17 or newer is needed")
                .hasLineCount(1);
    }

    @Test
    void withoutMavenItSaysSo() throws Exception {
        Finished run = run(launcher, System.getProperty("java.home"));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).startsWith("millrace: Maven (mvn) is needed").hasLineCount(1);
    }

    @Test
    void itFindsItsHomeThroughSymbolicLinksFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("first"), Path.of("a home", "millrace"));
        Path linkToLink = Files.createSymbolicLink(folder.resolve("second"), link);

        Finished run = run(linkToLink, System.getProperty("java.home"));

        assertThat(run.output()).startsWith("millrace: Maven (mvn) is needed");
        assertThat(folder.resolve("a home/cli/target")).isDirectory();
    }

    private record Finished(int exitCode, String output) {}

    private Finished run(Path command, String javaHome) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command.toString(), "--version")
                .directory(Files.createDirectories(folder.resolve("elsewhere")).toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", folder.toString());
        if (javaHome != null) {
            builder.environment().put("JAVA_HOME", javaHome);
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(process.waitFor(), output);
    }
}
