package dev.millrace.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What to do about refused files: the verbs are subcommands of their own. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Look at staged files that were refused, and settle them.",
            "",
            "A file that is repaired under its own name needs none of this: the next ingest sees by its size and time"
                    + " that it is another one, and inspects it."
        },
        footer = {
            "",
            "Examples:",
            "  millrace quarantine list --dataset flights",
            "  millrace quarantine show flights/till-1/0198c2e4.parquet",
            "  millrace quarantine retry --reason schema-mismatch",
            "  millrace quarantine drop flights/till-1/0198c2e4.parquet --yes"
        })
final class QuarantineCommand implements Subcommand {
    private final ProcessContext context;

    @Spec
    private CommandSpec spec;

    QuarantineCommand(ProcessContext context) {
        this.context = context;
    }

    /** With its verbs, in the order of the help. */
    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        List.of(
                        new QuarantineListCommand(context),
                        new QuarantineShowCommand(context),
                        new QuarantineActionCommand.Retry(context),
                        new QuarantineActionCommand.Release(context),
                        new QuarantineActionCommand.Drop(context))
                .forEach(commandLine::addSubcommand);
        return commandLine;
    }

    @Override
    public ExitCode run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "quarantine takes one of list, show, retry, release and drop");
    }
}
