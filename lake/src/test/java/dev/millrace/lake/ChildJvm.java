package dev.millrace.lake;

import dev.millrace.storage.StoreStand;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Command lines of JVMs that run a class of these tests, with the engine and the stand of this one. */
final class ChildJvm {
    private ChildJvm() {}

    static ProcessBuilder running(Class<?> main, List<String> jvmArguments, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(jvmArguments);
        Stream.of("java.library.path", "millrace.cache", "millrace.duckdb.driver")
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(StoreStand.current().childArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
