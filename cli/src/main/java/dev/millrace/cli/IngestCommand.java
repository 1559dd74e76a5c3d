package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestPlan;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.PlannedBatch;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings staged files into the lake. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Bring what is staged into the lake, each file exactly once.",
            "",
            "Made for a scheduler: does nothing when nothing waits, and ends with 75 when another run has the dataset.",
            "A file that can't be loaded is quarantined with a reason and does not stop the others."
        },
        footer = {"", "Examples:", "  millrace ingest", "  millrace ingest flights --dry-run"})
final class IngestCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    IngestCommand(ProcessContext context) {
        this.context = context;
    }

    /** What an ingest did, as it is printed. */
    record Result(List<Dataset> datasets) {
        /** {@code outcome}: done, nothing-to-do or held-by-another. */
        record Dataset(
                String dataset,
                String outcome,
                String run,
                long files,
                long rows,
                long quarantinedFiles,
                long unsettledFiles,
                long commits,
                long retries,
                long longestTransactionMillis) {}
    }

    /** What it would do. */
    record Plan(List<Planned> datasets) {
        record Planned(
                String dataset,
                long waitingFiles,
                long waitingBytes,
                List<PlannedBatch> batches,
                List<IngestPlan.RefusedFile> refused,
                long unsettledFiles) {}
    }

    @Override
    public ExitCode run() throws IOException {
        Configuration configuration = global.configuration(context);
        context.end().listen(configuration.serve().stop(), context.log()::notice);
        try (Workspace workspace = global.workspace(context, configuration)) {
            Collection<Contract> contracts = selection.of(workspace.contracts());
            return dryRun ? plan(workspace, contracts) : ingest(workspace, contracts);
        }
    }

    private ExitCode ingest(Workspace workspace, Collection<Contract> contracts) throws IOException {
        IngestRun run = new IngestRun(
                workspace, context.streams(), Telling.of(global, context), IngestListener.NONE, context.end()::isAsked);
        ExitCode exitCode = selection.isOfAll() ? run.overAll(contracts) : run.over(contracts);
        if (context.end().isAsked() && exitCode == ExitCode.DONE) {
            exitCode = StoppedException.tell(context.streams().err());
        }
        if (global.json()) {
            JsonResult.print(context.streams().out(), new Result(run.results()));
        }
        return exitCode;
    }

    private ExitCode plan(Workspace workspace, Collection<Contract> contracts) throws IOException {
        List<Plan.Planned> plans = new ArrayList<>();
        ExitCode exitCode;
        try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            Ingester ingester = workspace.operations().ingester(session, IngestListener.NONE);
            exitCode = EachDataset.run(contracts, session, context.streams().err(), contract -> {
                IngestPlan plan = ingester.plan(contract);
                plans.add(new Plan.Planned(
                        plan.dataset().toString(),
                        plan.backlog().files(),
                        plan.backlog().bytes(),
                        plan.batches(),
                        plan.refused(),
                        plan.unsettledFiles()));
                return ExitCode.DONE;
            });
        }
        if (global.json()) {
            JsonResult.print(context.streams().out(), new Plan(plans));
        } else {
            plans.forEach(this::print);
        }
        return exitCode;
    }

    private void print(Plan.Planned plan) {
        PrintStream out = context.streams().out();
        out.println(plan.dataset() + ": " + Quantity.count(plan.waitingFiles()) + " files with "
                + Quantity.bytes(plan.waitingBytes()) + " wait; nothing was changed");
        if (!plan.batches().isEmpty()) {
            TextTable table = new TextTable(List.of("  batch", "files", "rows", "staged", "partitions", "way"));
            int number = 1;
            for (PlannedBatch batch : plan.batches()) {
                table.row(List.of(
                        "  " + number++,
                        Quantity.count(batch.files()),
                        Quantity.count(batch.rows()),
                        Quantity.bytes(batch.stagedBytes()),
                        Quantity.count(batch.partitions()),
                        batch.way()));
            }
            table.print(out);
        }
        plan.refused()
                .forEach(file -> out.println(
                        "  would be quarantined: " + file.stagedKey() + " (" + file.reason() + "): " + file.message()));
        if (plan.unsettledFiles() > 0) {
            out.println("  " + plan.unsettledFiles() + " unreadable files are too young to be judged");
        }
    }
}
