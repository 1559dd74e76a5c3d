package dev.millrace.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What a command finds around it, so that a test can give it something else.
 *
 * @param terminal whether a person is looking: progress is shown only then
 */
public record ProcessContext(
        StandardStreams streams,
        Map<String, String> environment,
        Path workingDirectory,
        boolean terminal,
        Clock clock) {
    public ProcessContext {
        environment = Map.copyOf(environment);
        workingDirectory = workingDirectory.toAbsolutePath().normalize();
    }

    @SuppressWarnings(
            "SystemConsoleNull") // for Java 22 and newer the launcher chooses the console that is null elsewhere
    static ProcessContext ofThisProcess() {
        return new ProcessContext(
                StandardStreams.ofThisProcess(),
                System.getenv(),
                Path.of(""),
                System.console() != null,
                Clock.systemUTC());
    }

    /** On a terminal, unless {@code NO_COLOR} is set to anything. */
    boolean coloured() {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** A path as the user wrote it, which counts from the working directory. */
    Path resolve(Path path) {
        return workingDirectory.resolve(path).normalize();
    }
}
