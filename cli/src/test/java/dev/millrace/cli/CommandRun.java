package dev.millrace.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** One run of the command within the test's process: what it said, and how it ended. */
record CommandRun(int exitCode, String out, String err) {
    /** Runs with nothing on standard input, on the places of this run's stand. */
    static CommandRun of(Path workingDirectory, String... args) {
        return of(workingDirectory, Map.of(), "", args);
    }

    /** As {@link #of(Path, String...)}; what the environment says goes before the stand. */
    static CommandRun of(Path workingDirectory, Map<String, String> environment, String input, String... args) {
        return at(Clock.systemUTC(), workingDirectory, environment, input, args);
    }

    /** Runs for somebody else than a program. */
    static CommandRun by(Audience audience, Path workingDirectory, String... args) {
        return run(audience, Clock.systemUTC(), workingDirectory, Map.of(), "", args);
    }

    /** Runs at another time. */
    static CommandRun at(
            Clock clock, Path workingDirectory, Map<String, String> environment, String input, String... args) {
        return run(Audience.PROGRAM, clock, workingDirectory, environment, input, args);
    }

    /** Runs for somebody and at another time. */
    static CommandRun run(
            Audience audience,
            Clock clock,
            Path workingDirectory,
            Map<String, String> environment,
            String input,
            String... args) {
        Map<String, String> all = CommandStand.environment(workingDirectory);
        all.putAll(environment);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StandardStreams streams = new StandardStreams(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        ProcessContext context = new ProcessContext(streams, all, workingDirectory, audience, clock);
        int exitCode = new Millrace(context).run(args);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
