package dev.millrace.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process of its own with this one's class path and engine, on the places of this run's stand. */
final class JavaProcess {
    private JavaProcess() {}

    static Process start(Path workingDirectory, Class<?> main, String... args) throws IOException {
        return start(workingDirectory, ProcessBuilder.Redirect.DISCARD, main, args);
    }

    static Process start(Path workingDirectory, ProcessBuilder.Redirect output, Class<?> main, String... args)
            throws IOException {
        List<String> command = command(List.of(), main, List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(CommandStand.environment(workingDirectory));
        return builder.start();
    }

    /** The command line of such a process. */
    static List<String> command(List<String> options, Class<?> main, List<String> args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument ->
                        Stream.of("-Dmillrace", "-Djava.library.path", "-XX:").anyMatch(argument::startsWith))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(args);
        return command;
    }
}
