package dev.millrace.bench.amplification;

import dev.millrace.compactor.MergePolicy;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what a year of compaction writes for what comes in. */
@Command(
        name = "write-amplification",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Simulates a year in which a file comes in every minute and a compaction every hour, with the real planner of merges,",
            "and tells how many bytes the compactions write for each byte that came in."
        })
public final class AmplificationCommand implements Callable<Integer> {
    private static final Duration DAY = Duration.ofDays(1);

    /** From a trickle to a flood, with partitions and without. */
    static final List<Stream> STREAMS = List.of(
            new Stream("day partitions, 35 kB a minute", DAY, 35_000, 0),
            new Stream("day partitions, 35 kB, 2 % late", DAY, 35_000, 20),
            new Stream("day partitions, 350 kB a minute", DAY, 350_000, 20),
            new Stream("day partitions, 3.5 MB a minute", DAY, 3_500_000, 20),
            new Stream("hour partitions, 350 kB a minute", Duration.ofHours(1), 350_000, 0),
            new Stream("no partitions, 35 kB a minute", Duration.ZERO, 35_000, 0),
            new Stream("no partitions, 350 kB a minute", Duration.ZERO, 350_000, 0));

    @Option(names = "--target-bytes", description = "the size that files are merged towards")
    private long targetBytes = 256_000_000;

    @Option(names = "--seed", description = "of the sizes, and of what comes late")
    private long seed = 1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        MergePolicy policy = new MergePolicy(targetBytes, Duration.ofHours(12), MergePolicy.Extent.WORTHWHILE);
        out.println(
                "| a year of | ingested | written by compaction, a byte ingested | files at the end | most files of a"
                        + " partition | files by ideal, a day after the last write |");
        out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
        for (Stream stream : STREAMS) {
            YearOfIngest.Result result = YearOfIngest.of(stream, policy, seed);
            out.printf(
                    "| %s | %.1f GB | %.2f | %,d | %,d | %.1f |%n",
                    stream.name(),
                    result.ingestedBytes() / 1e9,
                    result.amplification(),
                    result.filesAtEnd(),
                    result.mostFiles(),
                    result.worstTimesIdeal());
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }
}
