package dev.millrace.cli;

import dev.millrace.cli.demo.Demo;
import dev.millrace.cli.demo.DemoDays;
import dev.millrace.cli.demo.DemoReport;
import dev.millrace.cli.demo.DemoSite;
import dev.millrace.cli.demo.EmbeddedSite;
import dev.millrace.cli.demo.ServedSite;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole pipeline on real data, in a folder of its own, with a proof at the end. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Run the whole pipeline on the flights out of New York in 2013, and prove the result.",
            "",
            "16 producers, one for each carrier, stage the year's flights day by day while an ingester runs every second and a"
                    + " reader queries all the while; then the compactor merges. Ends with 0 only if what was staged,"
                    + " what the ledger says, what the lake holds and what is known of the source are the same."
                    + " On a folder of an earlier demo it goes on where that one was, and never doubles a row."
        },
        footer = {
            "",
            "Examples:",
            "  millrace demo",
            "  millrace demo --served",
            "  millrace demo --served --days 30",
            "  millrace demo --dir /tmp/demo --json"
        })
final class DemoCommand implements Subcommand {
    private static final String EMBEDDED_FOLDER = "millrace-demo";
    private static final String SERVED_FOLDER = "millrace-demo-served";

    private final ProcessContext context;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The folder to work in; ./" + EMBEDDED_FOLDER + " or, when served, ./" + SERVED_FOLDER
                    + " if not given.")
    private Path folder;

    @Option(
            names = "--served",
            arity = "0..1",
            fallbackValue = "minio",
            paramLabel = "STORE",
            description =
                    "Use an object store and a PostgreSQL that the demo starts itself, on loopback. With minio, if"
                            + " nothing else is said, each part has a role of least privilege; the first time on a machine this takes"
                            + " minutes, since MinIO is built. The other one is seaweedfs.")
    private Server served;

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "Play the first N days of the year only; all 365 if not given.")
    private Integer days;

    DemoCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException {
        boolean showsProgress = !global.json();
        try (DemoSite site = site()) {
            DemoReport report = new Demo(
                            site,
                            context.clock(),
                            showsProgress
                                    ? context.streams().out()
                                    : context.streams().err(),
                            context.terminal())
                    .run();
            if (global.json()) {
                JsonResult.print(context.streams().out(), report);
            } else {
                new DemoSummary(report, site).print(context.streams().out());
            }
            return report.ok() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private DemoSite site() throws IOException {
        Path given = folder == null ? Path.of(served == null ? EMBEDDED_FOLDER : SERVED_FOLDER) : folder;
        Path place = context.resolve(given);
        DemoDays played = days == null ? DemoDays.ALL : new DemoDays(days);
        if (served == null) {
            return EmbeddedSite.open(place, played);
        }
        if (served == Server.POSTGRES) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--served is 'postgres'; an object store is minio or seaweedfs");
        }
        return ServedSite.start(place, played, served);
    }
}
