package dev.millrace.cli;

import dev.millrace.cli.demo.Demo;
import dev.millrace.cli.demo.DemoFolder;
import dev.millrace.cli.demo.DemoReport;
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
            "16 producers, one a carrier, stage the year's flights day by day while an ingester runs every second and a"
                    + " reader queries all the while; then the compactor merges. Ends with 0 only if what was staged,"
                    + " what the ledger says, what the lake holds and what is known of the source are the same."
                    + " On a folder of an earlier demo it goes on where that one was, and never doubles a row."
        },
        footer = {"", "Examples:", "  millrace demo", "  millrace demo --dir /tmp/demo --json"})
final class DemoCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "millrace-demo",
            description = "The folder to work in; ./${DEFAULT-VALUE} if not given.")
    private Path folder;

    DemoCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException {
        boolean showsProgress = !global.json();
        Demo demo = new Demo(
                DemoFolder.open(context.resolve(folder)),
                context.clock(),
                showsProgress ? context.streams().out() : context.streams().err(),
                context.terminal());
        DemoReport report = demo.run();
        if (global.json()) {
            JsonResult.print(context.streams().out(), report);
        } else {
            new DemoSummary(report, demo.folder()).print(context.streams().out());
        }
        return report.ok() ? ExitCode.DONE : ExitCode.FAILED;
    }
}
