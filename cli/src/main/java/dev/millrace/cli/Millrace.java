package dev.millrace.cli;

import dev.millrace.cli.log.LibraryLog;
import dev.millrace.lake.LogContext;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command. It reads the command line, runs one subcommand, and ends with one of {@link ExitCode}. For one thread. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Many producers stage Parquet files, one ingester brings them into DuckLake exactly once,"
                + " a compactor keeps the lake fast.",
        exitCodeListHeading = "%nExit codes:%n",
        footer = {"", "Example:", "  millrace demo"})
public final class Millrace {
    private final CommandLine commandLine;

    public Millrace(ProcessContext context) {
        commandLine = new CommandLine(this);
        subcommands(context).forEach(commandLine::addSubcommand);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(parsed -> {
            prepareLog(context, parsed);
            return new CommandLine.RunLast().execute(parsed);
        });
        FailureReport failures = new FailureReport(context.log());
        commandLine.setExecutionExceptionHandler(failures);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setOut(utf8(context.streams().out()));
        commandLine.setErr(utf8(context.streams().err()));
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(
                context.coloured() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        commandLine.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    }

    private static PrintWriter utf8(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** All of them, in the order of the help. */
    private static List<Object> subcommands(ProcessContext context) {
        return List.of(
                new InitCommand(context),
                new ContractCommand(context).commandLine(),
                new StageCommand(context),
                new IngestCommand(context),
                new CompactCommand(context),
                new PinCommand(context),
                new StatusCommand(context),
                new RunsCommand(context).commandLine(),
                new QuarantineCommand(context).commandLine(),
                new AuditCommand(context),
                new MigrateCommand(context),
                new DoctorCommand(context),
                new ServeCommand(context),
                new SqlCommand(context),
                new DemoCommand(context));
    }

    private static Map<String, String> exitCodes() {
        return Arrays.stream(ExitCode.values())
                .collect(Collectors.toMap(
                        code -> Integer.toString(code.code()), ExitCode::meaning, (a, b) -> a, LinkedHashMap::new));
    }

    private static void prepareLog(ProcessContext context, CommandLine.ParseResult parsed) {
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        LogContext.clear();
        context.log().command(last.commandSpec().name());
        GlobalOptions.logFormat(last, context.environment()).ifPresent(context.log()::format);
    }

    /** Runs one command line and returns the exit code of the process. */
    public int run(String... args) {
        return commandLine.execute(args);
    }

    CommandLine commandLine() {
        return commandLine;
    }

    public static void main(String[] args) {
        ProcessContext context = ProcessContext.ofThisProcess(
                new ProcessEnd(exitCode -> Runtime.getRuntime().halt(exitCode)));
        LibraryLog.writeTo(context.log());
        System.exit(new Millrace(context).run(args));
    }
}
