package dev.millrace.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.millrace.ingester.ChecksumVerification;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many small staged files into the lake: Millrace, DuckDB alone for the same read and write, and DuckLake's own INSERT. */
@Command(
        name = "small-files",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Brings many small staged files into the lake on a MinIO and a PostgreSQL that it starts itself,",
            "and does the same read and write by DuckDB alone, in turn.",
            "Opening the sessions is not measured, on either side; every session is new and has empty caches."
        })
final class SmallFilesCommand implements Callable<Integer> {
    @Option(names = "--files", description = "staged files of a round")
    private int files = 1_000;

    @Option(names = "--rows", description = "rows of a staged file")
    private int rows = 200;

    @Option(names = "--days", description = "days among the files; each file is of one")
    private int days = 30;

    @Option(names = "--unpartitioned", description = "a dataset without partitions; else it is partitioned by day")
    private boolean unpartitioned;

    @Option(
            names = "--verify-checksums",
            description =
                    "measure beside them what it takes to hold each staged file against its checksum, as ingest.verify-checksums: always does")
    private boolean verifyChecksums;

    @Option(names = "--rounds", description = "how often each is measured")
    private int rounds = 5;

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() throws JsonProcessingException {
        PrintWriter errors = spec.commandLine().getErr();
        Workload workload = new Workload(files, rows, days, !unpartitioned);
        errors.println("starting MinIO and PostgreSQL");
        try (Stand stand = Stand.start()) {
            List<Contender> contenders = new ArrayList<>(List.of(
                    new MillraceIngest(stand, MillraceIngest.DEFAULTS),
                    new DuckDbAlone(stand),
                    new PlainInsert(stand)));
            if (verifyChecksums) {
                contenders.add(new MillraceIngest(stand, MillraceIngest.DEFAULTS.with(ChecksumVerification.ALWAYS)));
            }
            Machine machine = Machine.current(stand, Clock.systemUTC().instant());
            List<SideBySide.Result> results = new SideBySide(stand, contenders, errors::println).run(workload, rounds);
            SmallFilesReport report = new SmallFilesReport(machine, workload, results);
            spec.commandLine().getOut().println(json ? report.toJson() : report.toText());
        }
        return CommandLine.ExitCode.OK;
    }
}
