package dev.millrace.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What to do about refused files: the verbs are subcommands of their own, and one of them has to be given. */
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
final class QuarantineCommand {
    private final ProcessContext context;

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
}
