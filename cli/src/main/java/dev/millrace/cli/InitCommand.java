package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.RunCounts;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.UnleasedRun;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes staging area, lake and datasets, or brings them up to their contracts. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Make the staging area, the lake and a dataset for each contract.",
            "",
            "May be repeated: what is there stays as it is, new nullable columns of a contract are added."
        },
        footer = {"", "Example:", "  millrace init --config millrace.yaml"})
final class InitCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    InitCommand(ProcessContext context) {
        this.context = context;
    }

    /** What init did, as it is printed. */
    record Result(List<Dataset> datasets) {
        /** {@code result}: created, columns-added or unchanged. */
        record Dataset(String dataset, String result) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            ContractFolder contracts = workspace.contracts();
            workspace.createPlaces();
            List<Result.Dataset> results = new ArrayList<>();
            try (LakeSession session = workspace.session(SessionOptions.Access.CREATE)) {
                PipelineTables.install(session);
                Execution execution = workspace.execution("init", Execution.Shape.SINGLE);
                for (Contract contract : contracts.all()) {
                    DatasetTable.Applied applied = new DatasetTable(session, contract.dataset()).apply(contract);
                    results.add(new Result.Dataset(contract.dataset().toString(), word(applied)));
                    if (applied != DatasetTable.Applied.UNCHANGED) {
                        execution.record(session, made(contract.dataset(), execution.now()));
                    }
                }
            }
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(results));
            } else {
                results.forEach(r -> context.streams().out().println(r.dataset() + ": " + r.result()));
                if (results.isEmpty()) {
                    context.streams()
                            .out()
                            .println("the lake is ready; " + contracts.folder() + " has no contracts yet");
                }
            }
            return ExitCode.DONE;
        }
    }

    private static UnleasedRun made(DatasetName dataset, Instant at) {
        return new UnleasedRun(
                "init", Optional.of(dataset), at, RunOutcome.SUCCEEDED, new RunCounts(0, 0, 0, 0, 1), Optional.empty());
    }

    private static String word(DatasetTable.Applied applied) {
        return applied.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
