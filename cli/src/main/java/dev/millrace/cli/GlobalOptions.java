package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.pipeline.Workspace;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every subcommand has. */
final class GlobalOptions {
    static final String DEBUG = "--debug";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration; else $MILLRACE_CONFIG, else ./millrace.yaml, else the defaults.")
    private Path config;

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(names = DEBUG, description = "Show the stack trace of a failure.")
    @SuppressWarnings("unused") // read by FailureReport from what was parsed
    private boolean debug;

    @Option(names = "--quiet", description = "Print nothing of what went well, nor that another run is at it.")
    private boolean quiet;

    boolean json() {
        return json;
    }

    /** Whether only what is wrong is told, as for a scheduler that mails whatever is printed. */
    boolean quiet() {
        return quiet;
    }

    Configuration configuration(ProcessContext context) {
        return loader(context).load(config());
    }

    /** The configuration file that was named. */
    Optional<Path> config() {
        return Optional.ofNullable(config);
    }

    ConfigurationLoader loader(ProcessContext context) {
        return new ConfigurationLoader(context.environment(), context.workingDirectory());
    }

    /** What the configuration names; what takes long is told on standard error. */
    Workspace workspace(ProcessContext context) {
        return workspace(context, configuration(context));
    }

    /** What another configuration than that of the options names. */
    Workspace workspace(ProcessContext context, Configuration configuration) {
        return new Workspace(configuration, context.environment(), context.clock(), notice -> context.streams()
                .err()
                .println("millrace: " + notice));
    }
}
