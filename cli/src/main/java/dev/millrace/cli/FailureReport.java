package dev.millrace.cli;

import dev.millrace.cli.config.ConfigurationException;
import dev.millrace.cli.demo.DemoException;
import dev.millrace.cli.log.EventLog;
import dev.millrace.cli.pipeline.NotAQueryException;
import dev.millrace.cli.rows.RowException;
import dev.millrace.compactor.RowCountException;
import dev.millrace.infra.ServerException;
import dev.millrace.ingester.RefusalsException;
import dev.millrace.lake.FencedException;
import dev.millrace.lake.LakeException;
import dev.millrace.lake.PinException;
import dev.millrace.lake.StatementException;
import dev.millrace.lake.engine.EngineException;
import dev.millrace.schemas.InvalidContractException;
import dev.millrace.staging.StagingException;
import dev.millrace.storage.KeyConflictException;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The one place that turns an exception into a line on standard error and an exit code. */
final class FailureReport implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    private record Rule(Class<? extends Throwable> failure, ExitCode exitCode) {}

    /** The first that matches counts, so a class stands before its superclass. */
    private static final List<Rule> RULES = List.of(
            new Rule(CommandLine.ParameterException.class, ExitCode.USAGE),
            new Rule(ConfigurationException.class, ExitCode.USAGE),
            new Rule(InvalidContractException.class, ExitCode.USAGE),
            new Rule(RowException.class, ExitCode.UNFIT_ROWS),
            new Rule(DemoException.class, ExitCode.USAGE),
            new Rule(PinException.class, ExitCode.USAGE),
            new Rule(UnknownRefusedFileException.class, ExitCode.USAGE),
            new Rule(UnknownRunException.class, ExitCode.USAGE),
            new Rule(FencedException.class, ExitCode.TRY_AGAIN_LATER),
            new Rule(StoppedException.class, ExitCode.TRY_AGAIN_LATER),
            new Rule(RowCountException.class, ExitCode.FAILED),
            new Rule(RefusalsException.class, ExitCode.FAILED),
            new Rule(StatementException.class, ExitCode.FAILED),
            new Rule(NotAQueryException.class, ExitCode.FAILED),
            new Rule(LakeException.class, ExitCode.UNAVAILABLE),
            new Rule(EngineException.class, ExitCode.UNAVAILABLE),
            new Rule(KeyConflictException.class, ExitCode.FAILED),
            new Rule(StorageException.class, ExitCode.UNAVAILABLE),
            new Rule(ServerException.class, ExitCode.UNAVAILABLE),
            new Rule(StagingException.class, ExitCode.UNAVAILABLE),
            new Rule(UncheckedIOException.class, ExitCode.INPUT_OUTPUT),
            new Rule(IOException.class, ExitCode.INPUT_OUTPUT));

    private final EventLog log;

    FailureReport(EventLog log) {
        this.log = log;
    }

    /** The exit code of a failure; {@link ExitCode#FAILED} for one that no rule foresees. */
    static ExitCode exitCode(Throwable failure) {
        if (failure instanceof UnfinishedStagingException) {
            return exitCode(failure.getCause());
        }
        ExitCode exitCode = RULES.stream()
                .filter(rule -> rule.failure().isInstance(failure))
                .map(Rule::exitCode)
                .findFirst()
                .orElse(ExitCode.FAILED);
        return exitCode == ExitCode.UNAVAILABLE && isDiskOrPermission(failure) ? ExitCode.INPUT_OUTPUT : exitCode;
    }

    /** What is said of a failure, in one line. */
    static String message(Throwable failure) {
        boolean foreseen = failure instanceof UnfinishedStagingException
                || RULES.stream().anyMatch(rule -> rule.failure().isInstance(failure));
        if (!foreseen) {
            return "unexpected " + failure + "; please report this with the output of the same command and "
                    + GlobalOptions.DEBUG;
        }
        Throwable told = failure instanceof UncheckedIOException ? failure.getCause() : failure;
        if (told instanceof FileSystemException file) {
            return file.getFile() + ": " + reason(file) + "; make it accessible, or name another";
        }
        // What the engine adds below is its stack trace, which --debug shows.
        return told.getMessage() == null
                ? told.getClass().getSimpleName()
                : told.getMessage()
                        .lines()
                        .takeWhile(line -> !line.isBlank() && !line.startsWith("Stack Trace"))
                        .map(String::strip)
                        .reduce((a, b) -> a + " " + b)
                        .orElse("");
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "no permission";
        }
        if (failure instanceof NoSuchFileException) {
            return "does not exist";
        }
        return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
    }

    /** Whether a failure came from a disk or a store, rather than from the data. */
    static boolean isOfTheOutside(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof IOException
                        || cause instanceof UncheckedIOException
                        || cause instanceof StorageException);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    private static boolean isDiskOrPermission(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof AccessDeniedException
                        || ((cause instanceof IOException || cause instanceof SQLException)
                                && cause.getMessage() != null
                                && cause.getMessage()
                                        .toLowerCase(Locale.ROOT)
                                        .matches("(?s).*(no space left|disk is full|disk i/o error|disk"
                                                + " full|read-only file system|quota exceeded).*")));
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine commandLine, CommandLine.ParseResult parseResult) {
        return report(failure, isDebug(parseResult));
    }

    @Override
    public int handleParseException(CommandLine.ParameterException failure, String[] args) {
        CommandLine commandLine = failure.getCommandLine();
        PrintWriter err = commandLine.getErr();
        int exitCode = report(failure, List.of(args).contains(GlobalOptions.DEBUG));
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
        return exitCode;
    }

    private int report(Exception failure, boolean debug) {
        log.failure(message(failure), Optional.<Throwable>of(failure).filter(any -> debug));
        return exitCode(failure).code();
    }

    private static boolean isDebug(CommandLine.ParseResult parseResult) {
        return Stream.iterate(
                        parseResult,
                        result -> result != null,
                        result -> result.hasSubcommand() ? result.subcommand() : null)
                .anyMatch(result -> result.hasMatchedOption(GlobalOptions.DEBUG));
    }
}
