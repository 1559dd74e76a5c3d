package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.ConfigurationKey;
import dev.millrace.cli.config.ConfigurationLoader;
import dev.millrace.cli.log.LogFormat;
import dev.millrace.cli.pipeline.Workspace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that every subcommand has. */
final class GlobalOptions {
    static final String DEBUG = "--debug";
    private static final String LOG_FORMAT = "--log-format";

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

    @Option(
            names = "--quiet",
            negatable = true,
            description = {
                "Print nothing of what went well, nor that another run is at it.",
                "So it is without it, too, where a scheduler has started the command: --no-quiet prints it there."
            })
    private Boolean quiet;

    @Option(
            names = LOG_FORMAT,
            paramLabel = "FORMAT",
            description =
                    "How events are written to standard error: human or json; else log.format of the configuration.")
    private LogFormat logFormat;

    boolean json() {
        return json;
    }

    /** Whether only what is wrong is told, as for a scheduler that mails whatever is printed. */
    boolean quiet(ProcessContext context) {
        return quiet == null ? context.audience() == Audience.SCHEDULER : quiet;
    }

    /** The format that the command line or the environment names, which holds before a configuration is read. */
    static Optional<LogFormat> logFormat(CommandLine.ParseResult parsed, Map<String, String> environment) {
        return parsed.hasMatchedOption(LOG_FORMAT)
                ? Optional.of(parsed.matchedOption(LOG_FORMAT).getValue())
                : Arrays.stream(LogFormat.values())
                        .filter(format -> format.name()
                                .equalsIgnoreCase(environment.getOrDefault(ConfigurationKey.LOG_FORMAT.variable(), "")))
                        .findFirst();
    }

    Configuration configuration(ProcessContext context) {
        Configuration configuration = loader(context).load(config());
        if (logFormat == null) {
            context.log().format(configuration.log().format());
        }
        context.log().level(configuration.log().level());
        return configuration;
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
