package dev.millrace.bench.concurrency;

import dev.millrace.bench.Machine;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everything at work for long, with faults that are drawn from a seed. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Lets producers, two ingesters, a compactor and readers work for long, kills and freezes them and the servers",
            "every so often, and checks at the end that each acknowledged row is in the lake exactly once.",
            "Prints a report as Markdown. Exit code 1 when a promise was broken."
        })
public final class SoakCommand implements Callable<Integer> {
    /** One more than needed: the other takes over from one that is frozen. */
    private static final int INGESTERS = 2;

    @Option(
            names = "--duration",
            converter = DurationText.class,
            defaultValue = "30m",
            description = "how long they write")
    private Duration duration;

    @Option(names = "--producers", description = "processes that stage")
    private int producers = 4;

    @Option(names = "--readers", description = "processes that read all the while")
    private int readers = 1;

    @Option(names = "--batch-rows", description = "rows of a batch, which is a staged file")
    private int batchRows = 25;

    @Option(
            names = "--ingest-every",
            converter = DurationText.class,
            defaultValue = "5s",
            description = "pause of an ingester")
    private Duration ingestEvery;

    @Option(
            names = "--compact-every",
            converter = DurationText.class,
            defaultValue = "30s",
            description = "pause of the compactor")
    private Duration compactEvery;

    @Option(
            names = "--fault-every",
            converter = DurationText.class,
            defaultValue = "30s",
            description = "time between two faults")
    private Duration faultEvery;

    @Option(
            names = "--lease",
            converter = DurationText.class,
            defaultValue = "10s",
            description = "how long a lease holds")
    private Duration lease;

    @Option(names = "--seed", description = "draws the faults; left out, a new one is taken and told")
    private Long seed;

    @Mixin
    private ModeOption modeOption;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter errors = spec.commandLine().getErr();
        long drawn = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        errors.println("seed " + drawn);
        Setup setup = new Setup(
                producers,
                INGESTERS,
                readers,
                batchRows,
                1,
                duration,
                ingestEvery,
                compactEvery,
                lease,
                Setup.Mix.COMPACTOR);
        try (Ground ground = Ground.prepare(modeOption.mode())) {
            Machine machine = ground.machine(Clock.systemUTC());
            Faults faults = new Faults(ground, faultEvery, lease, drawn, errors);
            RunResult result = new ConcurrentRun(ground, setup, errors).staged(faults);
            spec.commandLine()
                    .getOut()
                    .println(new SoakReport(machine, ground.mode(), setup, drawn, faults.made(), result).toMarkdown());
            return result.findings().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
