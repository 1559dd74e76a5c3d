package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetEvolution;
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
            "May be repeated: what is there stays as it is, new nullable columns and fields of a contract are added,"
                    + " columns renamed whose former name is an alias in its schema, and with 'evolution: widen' columns"
                    + " given a wider type, for which the dataset's rows are written anew. Ends with 75 when a dataset to be"
                    + " changed is being ingested."
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
        /**
         * A dataset.
         *
         * @param result created, changed, unchanged or held-by-another
         * @param changes of the columns of one that was there, each a sentence
         */
        record Dataset(String dataset, String result, List<String> changes) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            ContractFolder contracts = workspace.contracts();
            workspace.createPlaces();
            List<Result.Dataset> results = new ArrayList<>();
            ExitCode exitCode;
            try (LakeSession session = workspace.session(SessionOptions.Access.CREATE)) {
                PipelineTables.install(session);
                Execution execution = workspace.operations().execution("init", Execution.Shape.SINGLE);
                exitCode = EachDataset.run(
                        contracts.all(),
                        session,
                        context.streams().err(),
                        Optional.empty(),
                        contract -> apply(workspace, session, execution, contract, results));
            }
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(results));
            } else {
                results.forEach(this::print);
                if (results.isEmpty()) {
                    context.streams()
                            .out()
                            .println("the lake is ready; " + contracts.folder() + " has no contracts yet");
                }
            }
            return exitCode;
        }
    }

    private ExitCode apply(
            Workspace workspace,
            LakeSession session,
            Execution execution,
            Contract contract,
            List<Result.Dataset> results) {
        String dataset = contract.dataset().toString();
        if (new DatasetContract(session, contract).apply() == DatasetContract.Applied.CREATED) {
            results.add(new Result.Dataset(dataset, "created", List.of()));
            execution.record(session, made(contract.dataset(), execution.now()));
            return ExitCode.DONE;
        }
        new DatasetContract(session, contract)
                .widenings()
                .ifPresent(cost -> context.streams().err().println("millrace: dataset '" + dataset + "': " + cost));
        DatasetEvolution.Result evolved = new DatasetEvolution(session, contract.dataset())
                .apply(
                        contract,
                        workspace.operations().ingestTerms(),
                        workspace.operations().rewritePlace(contract));
        if (evolved instanceof DatasetEvolution.Result.HeldByAnother held) {
            context.streams()
                    .err()
                    .println("millrace: the columns of dataset '" + dataset
                            + "' are not changed: it is being ingested by "
                            + held.by().holder() + " since " + held.by().since()
                            + "; try again later (its lease ends at "
                            + held.by().until() + ")");
            results.add(new Result.Dataset(dataset, "held-by-another", List.of()));
            return ExitCode.TRY_AGAIN_LATER;
        }
        List<String> changes = ((DatasetEvolution.Result.Done) evolved)
                .changes().stream().map(ColumnChange::toString).toList();
        results.add(new Result.Dataset(dataset, changes.isEmpty() ? "unchanged" : "changed", changes));
        return ExitCode.DONE;
    }

    private void print(Result.Dataset dataset) {
        context.streams().out().println(dataset.dataset() + ": " + dataset.result());
        dataset.changes().forEach(change -> context.streams().out().println("  " + change));
    }

    private static UnleasedRun made(DatasetName dataset, Instant at) {
        return new UnleasedRun(
                "init", Optional.of(dataset), at, RunOutcome.SUCCEEDED, RunCounts.ONE_COMMIT, Optional.empty());
    }
}
