package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import java.io.IOException;
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
            "Merge small lake files, expire old snapshots, delete files that no snapshot needs any more, and staged"
                    + " files that have been in the lake for long enough.",
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
        Configuration configuration = global.configuration(context);
        context.end().listen(configuration.serve().stop(), context.log()::notice);
        try (Workspace workspace = global.workspace(context, configuration)) {
            Collection<Contract> contracts = selection.of(workspace.contracts());
            return dryRun ? plan(workspace, contracts) : compact(workspace, contracts);
        }
    }

    private ExitCode compact(Workspace workspace, Collection<Contract> contracts) throws IOException {
        CompactRun run = new CompactRun(
                workspace, context.streams(), Telling.of(global, context), extent(), context.end()::isAsked);
        ExitCode exitCode = run.over(contracts, Optional.ofNullable(orphanShare));
        if (context.end().isAsked() && exitCode == ExitCode.DONE) {
            exitCode = StoppedException.tell(context.streams().err());
        }
        if (global.json()) {
            JsonResult.print(context.streams().out(), run.result());
        } else if (!global.quiet(context)) {
            run.printDeleted();
        }
        return print(run.result().orphans(), exitCode);
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
                        workspace.operations().compactor(session, extent()).inspect(contract)));
                return ExitCode.DONE;
            });
            expirable = workspace.operations().expiry(session).plan();
            sweepable = contracts.stream()
                    .mapToLong(contract -> workspace.operations().sweep(session).dueFiles(contract.dataset()))
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
        if (!global.json() && !global.quiet(context) && (dryRun || orphans.outcome() != OrphanReport.Outcome.NOT_DUE)) {
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
