package dev.millrace.bench.concurrency;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.bench.Machine;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many processes write small batches at once: by Millrace, directly into DuckLake, or one after the other. */
@Command(
        name = "concurrency",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Lets many processes write small batches of rows at once, with ingest, compaction and readers at work all",
            "the while, and checks at the end that each row is in the lake exactly once.",
            "Exit code 1 when Millrace failed at anything; the status quo is only reported."
        })
public final class ConcurrencyCommand implements Callable<Integer> {
    @Option(names = "--producers", description = "processes that write")
    private int producers = 4;

    @Option(names = "--batch-rows", description = "rows of a batch")
    private int batchRows = 25;

    @Option(names = "--batches-per-file", description = "batches of a staged file; they are acknowledged with it")
    private int batchesPerFile = 1;

    @Option(
            names = "--duration",
            converter = DurationText.class,
            defaultValue = "5m",
            description = "how long they write")
    private Duration duration;

    @Option(
            names = "--ingest-every",
            converter = DurationText.class,
            defaultValue = "5s",
            description = "pause of the ingester")
    private Duration ingestEvery;

    @Option(
            names = "--compact-every",
            converter = DurationText.class,
            defaultValue = "30s",
            description = "pause of the compactor")
    private Duration compactEvery;

    @Option(names = "--readers", description = "processes that read all the while")
    private int readers = 1;

    @Mixin
    private ModeOption modeOption;

    @ArgGroup
    private Ways ways = new Ways();

    static final class Ways {
        @Option(names = "--status-quo", description = "the same processes insert directly into DuckLake")
        private boolean statusQuo;

        @Option(names = "--side-by-side", description = "Millrace, then the status quo")
        private boolean sideBySide;
    }

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
                batchesPerFile,
                duration,
                ingestEvery,
                compactEvery,
                Setup.STANDARD_LEASE,
                Setup.Mix.COMPACTOR);
        List<RunResult> results = new ArrayList<>();
        try (Ground ground = Ground.prepare(modeOption.mode())) {
            Machine machine = ground.machine(Clock.systemUTC());
            ConcurrentRun run = new ConcurrentRun(ground, setup, errors);
            if (!ways.statusQuo) {
                results.add(run.staged(ConcurrentRun.Meanwhile.UNDISTURBED));
            }
            if (ways.statusQuo || ways.sideBySide) {
                results.add(run.direct());
            }
            ConcurrencyReport report = new ConcurrencyReport(machine, ground.mode(), setup, results);
            spec.commandLine().getOut().println(json ? report.toJson() : report.toText());
        }
        boolean ok = results.stream().allMatch(result -> result.way() == RunResult.Way.DIRECT || result.ok());
        return ok ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
