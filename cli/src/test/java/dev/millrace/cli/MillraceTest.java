package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Proves that help, version and wrong command lines are answered as the documentation says. */
class MillraceTest {
    @TempDir
    Path folder;

    @Test
    void helpListsSubcommandsAndExitCodes() {
        CommandRun run = CommandRun.of(folder, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("stage", "Exit codes:", "75", "try again later");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void versionNamesTheEngine() {
        CommandRun run = CommandRun.of(folder, "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("(?s)millrace \\d.* \\(DuckDB \\d.*Java 1?\\d.*");
    }

    @ParameterizedTest
    @MethodSource("subcommands")
    void everySubcommandHasHelpWithAnExampleAndTheGlobalOptions(String name) {
        CommandRun run = CommandRun.of(folder, (name + " --help").split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).containsPattern("Examples?:\\R +millrace " + name);
        assertThat(run.out()).contains("--config", "--json", "--debug", "--help");
    }

    @Test
    void withoutASubcommandItSaysSo() {
        CommandRun run = CommandRun.of(folder);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("millrace: Missing required subcommand")
                .contains("Try 'millrace --help'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contract", "quarantine"})
    void aGroupOfSubcommandsWantsOneOfThem(String group) {
        CommandRun run = CommandRun.of(folder, group);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("millrace: Missing required subcommand")
                .contains("Try 'millrace " + group + " --help'");
    }

    @Test
    void aMistypedSubcommandIsRefusedWithTheNearest() {
        CommandRun run = CommandRun.of(folder, "stagee");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Unmatched argument").contains("stage");
        assertThat(run.out()).isEmpty();
    }

    static Stream<String> subcommands() {
        StandardStreams streams = new StandardStreams(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
        CommandLine commandLine = new Millrace(
                        new ProcessContext(streams, Map.of(), Path.of(""), Audience.PROGRAM, Clock.systemUTC()))
                .commandLine();
        return names("", commandLine);
    }

    /** Of those that do something by themselves. */
    private static Stream<String> names(String before, CommandLine commandLine) {
        return commandLine.getSubcommands().entrySet().stream()
                .flatMap(entry -> entry.getValue().getSubcommands().isEmpty()
                        ? Stream.of(before + entry.getKey())
                        : names(before + entry.getKey() + " ", entry.getValue()));
    }
}
