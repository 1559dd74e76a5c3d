package dev.millrace.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Work on contract files: the verbs are subcommands of their own, and one of them has to be given. */
@Command(
        name = "contract",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Make contract files, and see what a change of one would do before it is used.",
        footer = {
            "",
            "Examples:",
            "  millrace contract check flights",
            "  millrace contract infer --dataset trips trips-2026-01.parquet"
        })
final class ContractCommand {
    private final ProcessContext context;

    ContractCommand(ProcessContext context) {
        this.context = context;
    }

    /** With its verbs, in the order of the help. */
    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        List.of(new ContractCheckCommand(context), new ContractInferCommand(context))
                .forEach(commandLine::addSubcommand);
        return commandLine;
    }
}
