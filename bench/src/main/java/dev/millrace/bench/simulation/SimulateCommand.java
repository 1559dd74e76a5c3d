package dev.millrace.bench.simulation;

import dev.millrace.bench.BenchException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the simulation for many seeds, or shows one seed's steps. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Runs the pipeline's decisions over a store and a catalog in memory, in an order and with faults that come of a seed,",
            "and checks what must always hold. A seed always does the same."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

    @Option(names = "--seeds", description = "how many seeds to run")
    private long seeds = 10_000;

    @Option(names = "--from", description = "the first seed")
    private long from = 1;

    @Option(names = "--seed", description = "run this seed only", defaultValue = Option.NULL_VALUE)
    private Long seed;

    @Option(names = "--trace", description = "print the numbered steps of the seed")
    private boolean trace;

    @Option(names = "--without", description = "do without these protections, to see what breaks", split = ",")
    private Set<Protection> missing = Set.of();

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        return seed == null ? many() : one(seed);
    }

    private int one(long only) {
        Simulation.Result result = Simulation.run(only, missing, trace);
        result.trace().forEach(spec.commandLine().getOut()::println);
        print(result.tally(), 1);
        requireSound(result);
        return CommandLine.ExitCode.OK;
    }

    private int many() {
        PrintWriter errors = spec.commandLine().getErr();
        Tally all = new Tally();
        long begun = System.nanoTime();
        long told = begun;
        for (long next = from; next < from + seeds; next++) {
            Simulation.Result result = Simulation.run(next, missing, false);
            all.add(result.tally());
            if (result.violation().isPresent()) {
                Simulation.run(next, missing, true)
                        .trace()
                        .forEach(spec.commandLine().getOut()::println);
                requireSound(result);
            }
            if (System.nanoTime() - told > PROGRESS_NANOS) {
                told = System.nanoTime();
                errors.println((next - from + 1) + " of " + seeds + " seeds, " + all.of(Event.COMMITS) + " commits");
            }
        }
        print(all, seeds);
        spec.commandLine()
                .getOut()
                .printf("%nnothing that must hold was broken; %.1f s%n", (System.nanoTime() - begun) / 1e9);
        return CommandLine.ExitCode.OK;
    }

    private void print(Tally tally, long ran) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%,15d  seeds%n", ran);
        for (Event event : Event.values()) {
            out.printf("%,15d  %s%n", tally.of(event), event.words());
        }
    }

    private void requireSound(Simulation.Result result) {
        result.violation().ifPresent(violation -> {
            throw new BenchException("seed " + result.seed() + ": " + violation
                    + "; replay it with bench/run simulate --seed " + result.seed() + " --trace"
                    + (missing.isEmpty() ? "" : " --without " + names(missing)));
        });
    }

    private static String names(Set<Protection> protections) {
        return protections.stream().map(Protection::name).collect(Collectors.joining(","));
    }
}
