package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.compactor.CompactResult;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Merges small lake files, expires snapshots, deletes what nobody needs: the only command that deletes. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description = {
            "Merge small lake files, expire old snapshots, delete files that no snapshot needs any more, and staged files"
                    + " that have been in the lake for long enough.",
            "",
            "Rows are counted around every step; a step that would change their number is undone."
        },
        footer = {"", "Examples:", "  millrace compact", "  millrace compact flights --dry-run"})
final class CompactCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--full",
            description = {
                "Merge every partition to as few files as possible now, also those that are still written to.",
                "Without it only what pays is merged: see docs/operations.md."
            })
    private boolean full;

    @Option(
            names = "--orphan-share",
            paramLabel = "PERCENT",
            converter = PercentageConverter.class,
            description = "Look for orphans now, and let up to this share of the lake's files go, such as 100%%.")
    private Integer orphanShare;

    CompactCommand(ProcessContext context) {
        this.context = context;
    }

    /** What a compaction did, as it is printed. */
    record Result(
            List<Dataset> datasets, long expiredSnapshots, long deletedFiles, long sweptFiles, OrphanReport orphans) {
        /** {@code outcome}: done, nothing-to-do or held-by-another. */
        record Dataset(
                String dataset,
                String outcome,
                String run,
                long rows,
                long filesBefore,
                long filesAfter,
                long bytesBefore,
                long bytesAfter,
                long commits,
                long leftFiles,
                long leftBytes) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            Collection<Contract> contracts = selection.of(workspace.contracts());
            return dryRun ? plan(workspace, contracts) : compact(workspace, contracts);
        }
    }

    private ExitCode compact(Workspace workspace, Collection<Contract> contracts) throws IOException {
        List<Result.Dataset> results = new ArrayList<>();
        CleanStep.Cleaned cleaned = CleanStep.Cleaned.NOTHING;
        OrphanReport orphans = OrphanReport.NOT_TRIED;
        ExitCode exitCode;
        Execution execution = workspace.execution(Activity.COMPACT.word(), Execution.Shape.PARENT);
        try (LakeSession session = workspace.compactSession()) {
            try {
                exitCode = EachDataset.run(
                        contracts,
                        session,
                        context.streams().err(),
                        Optional.of(execution),
                        contract -> report(
                                results,
                                workspace
                                        .compactor(session, extent(), Optional.of(execution))
                                        .compact(contract)));
                // Where something went wrong, nothing is deleted.
                if (exitCode == ExitCode.DONE || exitCode == ExitCode.TRY_AGAIN_LATER) {
                    cleaned = new CleanStep(workspace, session, execution)
                            .run(contracts.stream().map(Contract::dataset).toList());
                    orphans = new OrphanStep(
                                    workspace, session, Optional.ofNullable(orphanShare), Optional.of(execution))
                            .run();
                }
                workspace.runRetention(session).run(context.clock().instant());
            } finally {
                execution.end(session);
            }
        }
        if (global.json()) {
            JsonResult.print(
                    context.streams().out(),
                    new Result(results, cleaned.snapshots(), cleaned.lakeFiles(), cleaned.stagedFiles(), orphans));
        } else if (!global.quiet()) {
            context.streams()
                    .out()
                    .println(Quantity.count(cleaned.snapshots()) + " snapshots expired, "
                            + Quantity.count(cleaned.lakeFiles()) + " unneeded files deleted, "
                            + Quantity.count(cleaned.stagedFiles()) + " loaded staged files deleted");
        }
        return print(orphans, exitCode);
    }

    private ExitCode report(List<Result.Dataset> results, CompactResult result) {
        PrintStream out = context.streams().out();
        String dataset = result.dataset().toString();
        if (result instanceof CompactResult.HeldByAnother held) {
            String message = "dataset '" + dataset + "' is being compacted by " + held.holder() + " since "
                    + held.since() + "; try again later (its lease ends at " + held.until() + ")";
            if (!global.quiet()) {
                context.streams().err().println("millrace: " + message);
            }
            results.add(new Result.Dataset(dataset, "held-by-another", null, 0, 0, 0, 0, 0, 0, 0, 0));
            return ExitCode.TRY_AGAIN_LATER;
        }
        CompactResult.Done done = (CompactResult.Done) result;
        results.add(new Result.Dataset(
                dataset,
                done.runId().isPresent() ? "done" : "nothing-to-do",
                done.runId().orElse(null),
                done.after().rows(),
                done.before().files(),
                done.after().files(),
                done.before().bytes(),
                done.after().bytes(),
                done.commits(),
                done.left().files(),
                done.left().bytes()));
        if (!global.json() && !global.quiet()) {
            out.println(dataset + ": " + sentence(done));
        }
        return ExitCode.DONE;
    }

    private static String sentence(CompactResult.Done done) {
        if (done.runId().isEmpty()) {
            return "nothing worth a merge in " + Quantity.of(done.after().files(), "file");
        }
        return Quantity.count(done.before().files()) + " files ("
                + Quantity.bytes(done.before().bytes()) + ") became "
                + Quantity.count(done.after().files()) + " ("
                + Quantity.bytes(done.after().bytes()) + "), "
                + Quantity.count(done.after().rows()) + " rows"
                + (done.left().files() == 0
                        ? ""
                        : "; " + Quantity.of(done.left().files(), "file") + " ("
                                + Quantity.bytes(done.left().bytes()) + ") are left for next time");
    }

    private ExitCode plan(Workspace workspace, Collection<Contract> contracts) throws IOException {
        List<CompactPlanResult.Dataset> datasets = new ArrayList<>();
        SnapshotExpiry.Expired expirable;
        long sweepable;
        OrphanReport orphans;
        ExitCode exitCode;
        try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            exitCode = EachDataset.run(contracts, session, context.streams().err(), contract -> {
                datasets.add(CompactPlanResult.Dataset.of(
                        workspace.compactor(session, extent()).inspect(contract)));
                return ExitCode.DONE;
            });
            expirable = workspace.expiry(session).plan();
            sweepable = contracts.stream()
                    .mapToLong(contract -> workspace.sweep(session).dueFiles(contract.dataset()))
                    .sum();
            orphans = new OrphanStep(workspace, session, Optional.ofNullable(orphanShare), Optional.empty()).plan();
        }
        CompactPlanResult result =
                new CompactPlanResult(datasets, expirable.snapshots(), expirable.files(), sweepable, orphans);
        if (global.json()) {
            JsonResult.print(context.streams().out(), result);
        } else {
            result.print(context.streams().out());
        }
        return print(orphans, exitCode);
    }

    private ExitCode print(OrphanReport orphans, ExitCode exitCode) {
        if (!global.json() && !global.quiet() && (dryRun || orphans.outcome() != OrphanReport.Outcome.NOT_DUE)) {
            orphans.line().ifPresent(context.streams().out()::println);
        }
        if (orphans.message() == null) {
            return exitCode;
        }
        context.streams().err().println("millrace: " + orphans.message());
        return ExitCode.FAILED;
    }

    private MergePolicy.Extent extent() {
        return full ? MergePolicy.Extent.FULL : MergePolicy.Extent.WORTHWHILE;
    }
}
