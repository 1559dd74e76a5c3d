package dev.millrace.cli;

import dev.millrace.cli.demo.Demo;
import dev.millrace.cli.demo.DemoReport;
import dev.millrace.cli.demo.DemoSite;
import dev.millrace.cli.demo.EmbeddedSite;
import dev.millrace.cli.demo.ServedSite;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
            "  millrace demo --dir /tmp/demo --json"
        })
final class DemoCommand implements Subcommand {
    private static final String EMBEDDED_FOLDER = "millrace-demo";
    private static final String SERVED_FOLDER = "millrace-demo-served";

    private final ProcessContext context;

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
            description = "Use a MinIO and a PostgreSQL that the demo starts itself, on loopback, with a role of least"
                    + " privilege for each part. The first time on a machine this takes minutes: MinIO is built.")
    private boolean served;

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
        Path given = folder == null ? Path.of(served ? SERVED_FOLDER : EMBEDDED_FOLDER) : folder;
        Path place = context.resolve(given);
        return served ? ServedSite.start(place) : EmbeddedSite.open(place);
    }
}
