package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestPlan;
import dev.millrace.ingester.IngestResult;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.PlannedBatch;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.storage.ObjectStore;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
        try (Workspace workspace = global.workspace(context)) {
            Collection<Contract> contracts = selection.of(workspace.contracts());
            return dryRun ? plan(workspace, contracts) : ingest(workspace, contracts);
        }
    }

    /** Those that were asked for, and those that files without one bring where the configuration allows it. */
    private Collection<Contract> withInferred(
            Workspace workspace, LakeSession session, Collection<Contract> contracts) {
        if (!selection.isOfAll()) {
            return contracts;
        }
        ObjectStore staging = workspace.staging();
        FoldersWithoutContract without = FoldersWithoutContract.of(staging.folders(), workspace.contracts());
        if (!workspace.infersContracts()) {
            without.notices().forEach(this::notice);
            return contracts;
        }
        InferredContracts inferred = new InferredContracts(session, staging, workspace.contractsFolder(), this::notice);
        new FoldersWithoutContract(List.of(), without.others()).notices().forEach(this::notice);
        List<Contract> all = new ArrayList<>(contracts);
        without.datasets().forEach(dataset -> inferred.make(dataset).ifPresent(all::add));
        return all;
    }

    private void notice(String sentence) {
        context.streams().err().println("millrace: " + sentence);
    }

    private ExitCode ingest(Workspace workspace, Collection<Contract> contracts) throws IOException {
        List<Result.Dataset> results = new ArrayList<>();
        ExitCode exitCode;
        Optional<Execution> execution = Optional.of(workspace.execution(
                Activity.INGEST.word(), contracts.size() > 1 ? Execution.Shape.PARENT : Execution.Shape.SINGLE));
        try (LakeSession session = workspace.session(SessionOptions.Access.WRITE)) {
            try {
                Collection<Contract> all = withInferred(workspace, session, contracts);
                exitCode = EachDataset.run(all, session, context.streams().err(), execution, contract -> {
                    Watch watch = new Watch(context.streams().err());
                    return report(
                            results,
                            workspace.ingester(session, watch, execution).ingest(contract),
                            watch.longest);
                });
            } finally {
                execution.orElseThrow().end(session);
            }
        }
        if (global.json()) {
            JsonResult.print(context.streams().out(), new Result(results));
        }
        return exitCode;
    }

    private ExitCode report(List<Result.Dataset> results, IngestResult result, Duration longest) {
        PrintStream out = context.streams().out();
        String dataset = result.dataset().toString();
        if (result instanceof IngestResult.HeldByAnother held) {
            String message = "dataset '" + dataset + "' is being ingested by " + held.holder() + " since "
                    + held.since() + "; try again later (its lease ends at " + held.until() + ")";
            if (!global.quiet()) {
                context.streams().err().println("millrace: " + message);
            }
            results.add(new Result.Dataset(dataset, "held-by-another", null, 0, 0, 0, 0, 0, 0, 0));
            return ExitCode.TRY_AGAIN_LATER;
        }
        IngestResult.Done done = (IngestResult.Done) result;
        results.add(new Result.Dataset(
                dataset,
                done.runId().isPresent() ? "done" : "nothing-to-do",
                done.runId().orElse(null),
                done.counts().files(),
                done.counts().rows(),
                done.counts().quarantinedFiles(),
                done.unsettledFiles(),
                done.counts().commits(),
                done.retries(),
                longest.toMillis()));
        if (!global.json() && !global.quiet()) {
            out.println(dataset + ": " + sentence(done, longest));
        }
        return ExitCode.DONE;
    }

    private static String sentence(IngestResult.Done done, Duration longest) {
        if (done.runId().isEmpty()) {
            return "nothing to do";
        }
        StringBuilder text = new StringBuilder(Quantity.of(done.counts().rows(), "row") + " of "
                + Quantity.of(done.counts().files(), "staged file") + " loaded in "
                + Quantity.of(done.counts().commits(), "commit") + " (longest " + longest.toMillis() + " ms)");
        append(text, done.counts().quarantinedFiles(), "file", " quarantined (see 'millrace quarantine list')");
        append(text, done.unsettledFiles(), "unreadable file", " left for later, too young to be judged");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String what, String happened) {
        if (count > 0) {
            text.append("; ").append(Quantity.of(count, what)).append(happened);
        }
    }

    private ExitCode plan(Workspace workspace, Collection<Contract> contracts) throws IOException {
        List<Plan.Planned> plans = new ArrayList<>();
        ExitCode exitCode;
        try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            Ingester ingester = workspace.ingester(session, IngestListener.NONE);
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

    /** Tells of refused files at once, and remembers the longest transaction. */
    private static final class Watch implements IngestListener {
        private final PrintStream err;
        private Duration longest = Duration.ZERO;

        Watch(PrintStream err) {
            this.err = err;
        }

        @Override
        public void committed(DatasetName dataset, String batchId, long rows, Duration transaction) {
            longest = transaction.compareTo(longest) > 0 ? transaction : longest;
        }

        @Override
        public void evolved(DatasetName dataset, String change) {
            err.println("millrace: dataset '" + dataset + "': " + change);
        }

        @Override
        public void refused(DatasetName dataset, String stagedKey, String reason, String message) {
            err.println("millrace: quarantined " + stagedKey + " (" + reason + "): " + message);
        }
    }
}
