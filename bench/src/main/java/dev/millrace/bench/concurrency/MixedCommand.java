package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.bench.Machine;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everybody at once on one lake, without and with compaction. */
@Command(
        name = "mixed",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Lets producers, an ingester, an analyst who deletes and updates rows by SQL, readers and readers in long",
            "transactions work on one dataset at once: first without a compactor, then with one. Checks at the end of each",
            "that every row is there as it was last written, and no deleted one.",
            "Exit code 1 when anything was lost, undone or failed."
        })
public final class MixedCommand implements Callable<Integer> {
    @Option(names = "--producers", description = "processes that stage")
    private int producers = 2;

    @Option(names = "--batch-rows", description = "rows of a staged file")
    private int batchRows = 50;

    @Option(
            names = "--stage-every",
            converter = DurationText.class,
            defaultValue = "0.5s",
            description = "pause of a producer")
    private Duration stageEvery;

    @Option(
            names = "--duration",
            converter = DurationText.class,
            defaultValue = "3m",
            description = "how long they write, each time")
    private Duration duration;

    @Option(
            names = "--ingest-every",
            converter = DurationText.class,
            defaultValue = "2s",
            description = "pause of the ingester")
    private Duration ingestEvery;

    @Option(
            names = "--compact-every",
            converter = DurationText.class,
            defaultValue = "10s",
            description = "pause of the compactor")
    private Duration compactEvery;

    @Option(
            names = "--change-every",
            converter = DurationText.class,
            defaultValue = "2s",
            description = "pause of the analyst")
    private Duration changeEvery;

    @Option(names = "--readers", description = "processes that ask short questions")
    private int readers = 1;

    @Option(names = "--long-readers", description = "processes that read in long transactions")
    private int longReaders = 1;

    @Option(
            names = "--long-read",
            converter = DurationText.class,
            defaultValue = "20s",
            description = "how long such a transaction lasts")
    private Duration longRead;

    @Mixin
    private ModeOption modeOption;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter errors = spec.commandLine().getErr();
        Setup setup = new Setup(
                producers,
                1,
                readers,
                batchRows,
                1,
                duration,
                ingestEvery,
                compactEvery,
                Setup.STANDARD_LEASE,
                new Setup.Mix(1, true, longReaders, stageEvery, changeEvery, longRead));
        try (Ground ground = Ground.prepare(modeOption.mode())) {
            Machine machine = ground.machine(Clock.systemUTC());
            RunResult without = new ConcurrentRun(ground, setup.withoutCompactor(), errors)
                    .staged(ConcurrentRun.Meanwhile.UNDISTURBED);
            RunResult with = new ConcurrentRun(ground, setup, errors).staged(ConcurrentRun.Meanwhile.UNDISTURBED);
            MixedReport report = new MixedReport(machine, ground.mode(), setup, without, with);
            spec.commandLine().getOut().println(json ? report.toJson() : report.toText());
            return without.ok() && with.ok() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
