package dev.millrace.cli;

import dev.millrace.cli.log.EventLog;
import dev.millrace.cli.log.LogLevel;
import dev.millrace.cli.log.SecretValues;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What a command finds around it, so that a test can give it something else. */
public final class ProcessContext {
    private final StandardStreams process;
    private final StandardStreams streams;
    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final Audience audience;
    private final Clock clock;
    private final EventLog log;
    private final ProcessEnd end;

    private ProcessContext(
            StandardStreams process,
            Map<String, String> environment,
            Path workingDirectory,
            Audience audience,
            Clock clock,
            ProcessEnd end) {
        this.process = process;
        this.environment = Map.copyOf(environment);
        this.workingDirectory = workingDirectory.toAbsolutePath().normalize();
        this.audience = audience;
        this.clock = clock;
        this.log = new EventLog(process.err(), clock, SecretValues.of(environment));
        this.streams = new StandardStreams(process.in(), process.out(), log.lines(LogLevel.WARN));
        this.end = end;
    }

    /** One of several commands of a process, which no signal ends by itself. */
    public ProcessContext(
            StandardStreams streams,
            Map<String, String> environment,
            Path workingDirectory,
            Audience audience,
            Clock clock) {
        this(streams, environment, workingDirectory, audience, clock, ProcessEnd.NEVER);
    }

    /** @param end tells when the process is to end */
    static ProcessContext ofThisProcess(ProcessEnd end) {
        return new ProcessContext(
                StandardStreams.ofThisProcess(),
                System.getenv(),
                Path.of(""),
                Audience.ofThisProcess(),
                Clock.systemUTC(),
                end);
    }

    /** Standard input and output, and the log as lines in the place of standard error. */
    StandardStreams streams() {
        return streams;
    }

    /** The streams of the process as they are, for what is drawn on a terminal. */
    StandardStreams process() {
        return process;
    }

    Map<String, String> environment() {
        return environment;
    }

    Path workingDirectory() {
        return workingDirectory;
    }

    Audience audience() {
        return audience;
    }

    Clock clock() {
        return clock;
    }

    EventLog log() {
        return log;
    }

    /** Tells when the process is to end. */
    ProcessEnd end() {
        return end;
    }

    /** Whether a person is looking: progress is shown only then. */
    boolean terminal() {
        return audience == Audience.TERMINAL;
    }

    /** On a terminal, unless {@code NO_COLOR} is set to anything. */
    boolean coloured() {
        return terminal() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** A path as the user wrote it, which counts from the working directory. */
    Path resolve(Path path) {
        return workingDirectory.resolve(path).normalize();
    }
}
