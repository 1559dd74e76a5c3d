package dev.millrace.bench;

import dev.millrace.bench.amplification.AmplificationCommand;
import dev.millrace.bench.compaction.CompactionCommand;
import dev.millrace.bench.concurrency.BackfillCommand;
import dev.millrace.bench.concurrency.ConcurrencyCommand;
import dev.millrace.bench.concurrency.MixedCommand;
import dev.millrace.bench.concurrency.SoakCommand;
import dev.millrace.bench.kills.KillsCommand;
import dev.millrace.bench.simulation.SimulateCommand;
import dev.millrace.bench.upsert.UpsertCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code bench/run}: each subcommand measures one thing and checks the work that it measured. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        subcommands = {
            SmallFilesCommand.class,
            ConcurrencyCommand.class,
            BackfillCommand.class,
            SoakCommand.class,
            MixedCommand.class,
            KillsCommand.class,
            SimulateCommand.class,
            AmplificationCommand.class,
            CompactionCommand.class,
            UpsertCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures what the pipeline costs, beside other ways to do the same.")
final class Bench implements Callable<Integer> {
    private static final int FAILED = 1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return CommandLine.ExitCode.USAGE;
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    if (!(failure instanceof BenchException)) {
                        throw failure;
                    }
                    commandLine.getErr().println("bench: " + failure.getMessage());
                    return FAILED;
                })
                .execute(args));
    }
}
