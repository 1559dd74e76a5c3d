package dev.millrace.bench.concurrency;

import dev.millrace.bench.Machine;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Many days of one dataset at once, with a deadline. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Stages many days of one dataset by several processes at once, while two ingesters compete for them.",
            "Never hangs: at the deadline its processes are killed, and the exit code is 1."
        })
public final class BackfillCommand implements Callable<Integer> {
    @Option(names = "--days", split = ",", defaultValue = "3,30,365", description = "how many days; one run for each")
    private List<Integer> days;

    @Option(names = "--processes", description = "producers, among which the days are shared out")
    private int processes = 4;

    @Option(names = "--rows-a-day", description = "rows of a day")
    private int rowsADay = 1_000;

    @Option(names = "--deadline", converter = DurationText.class, defaultValue = "2m", description = "for each run")
    private Duration deadline;

    @Mixin
    private ModeOption modeOption;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter errors = spec.commandLine().getErr();
        boolean ok = true;
        try (Ground ground = Ground.prepare(modeOption.mode())) {
            Machine machine = ground.machine(Clock.systemUTC());
            out.printf(
                    "%s, %d processes, %d rows a day%n%s%n%n",
                    ground.mode().word(), processes, rowsADay, machine.description());
            out.printf(
                    "%6s %10s %10s %12s %11s %8s %8s %9s%n",
                    "days", "staged, s", "whole, s", "rows", "lake files", "commits", "retries", "gave way");
            for (int count : days) {
                Backfill.Result result = new Backfill(count, processes, rowsADay, deadline).run(ground, errors);
                out.printf(
                        Locale.ROOT,
                        "%6d %10.1f %10.1f %,12d %11d %8d %8d %9d%n",
                        result.days(),
                        result.staging().toMillis() / 1e3,
                        result.whole().toMillis() / 1e3,
                        result.rows(),
                        result.lakeFiles(),
                        result.commits(),
                        result.retries(),
                        result.gaveWay());
                result.findings().forEach(out::println);
                out.flush();
                ok &= result.findings().isEmpty();
            }
        }
        return ok ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
