package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.Backlog;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.RunHistory;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows where the rows are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show for each dataset what is in the lake, what waits, what is quarantined and how the last run"
                + " ended.",
        footer = {"", "Examples:", "  millrace status", "  millrace status flights --json"})
final class StatusCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    StatusCommand(ProcessContext context) {
        this.context = context;
    }

    /** The state of the datasets, as it is printed; times are ISO-8601 in UTC. */
    record Result(List<Dataset> datasets, List<String> withoutContract) {
        record Dataset(
                String dataset,
                long rows,
                long files,
                long bytes,
                long waitingFiles,
                long waitingBytes,
                String oldestWaiting,
                List<QuarantinedFile> quarantined,
                LastRun lastRun) {}

        record QuarantinedFile(String stagedKey, String reason, String message, String decidedAt) {}

        record LastRun(String run, String activity, String startedAt, String endedAt, String outcome, String error) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            List<Result.Dataset> datasets = new ArrayList<>();
            List<String> withoutContract = new ArrayList<>();
            ExitCode exitCode;
            try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
                withoutContract.addAll(
                        FoldersWithoutContract.of(workspace.staging().folders(), workspace.contracts())
                                .notices());
                exitCode = EachDataset.run(
                        selection.of(workspace.contracts()),
                        session,
                        context.streams().err(),
                        contract -> {
                            datasets.add(look(workspace, session, contract));
                            return ExitCode.DONE;
                        });
            }
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(datasets, withoutContract));
            } else {
                print(datasets, context.streams().out());
                withoutContract.forEach(context.streams().out()::println);
            }
            return exitCode;
        }
    }

    private static Result.Dataset look(Workspace workspace, LakeSession session, Contract contract) {
        DatasetName dataset = contract.dataset();
        DatasetTable.Size size = new DatasetTable(session, dataset).size();
        Backlog backlog = workspace.ingester(session, IngestListener.NONE).backlog(dataset);
        return new Result.Dataset(
                dataset.toString(),
                size.rows(),
                size.files(),
                size.bytes(),
                backlog.files(),
                backlog.bytes(),
                backlog.oldest().map(Instant::toString).orElse(null),
                new Ledger(session)
                        .quarantined(dataset).stream()
                                .map(q -> new Result.QuarantinedFile(
                                        q.stagedKey(),
                                        q.reason(),
                                        q.message(),
                                        q.decidedAt().toString()))
                                .toList(),
                new RunHistory(session)
                        .last(dataset)
                        .map(StatusCommand::lastRun)
                        .orElse(null));
    }

    private static Result.LastRun lastRun(RunHistory.Entry run) {
        return new Result.LastRun(
                run.runId(),
                run.activity(),
                run.startedAt().toString(),
                run.endedAt().map(Instant::toString).orElse(null),
                run.outcome(),
                run.error().orElse(null));
    }

    private void print(List<Result.Dataset> datasets, PrintStream out) {
        if (datasets.isEmpty()) {
            out.println("there are no contracts yet; add one and run 'millrace init'");
            return;
        }
        TextTable table = new TextTable(List.of(
                "dataset", "rows", "files", "size", "waiting", "waiting size", "oldest", "quarantined", "last run"));
        for (Result.Dataset dataset : datasets) {
            table.row(List.of(
                    dataset.dataset(),
                    Quantity.count(dataset.rows()),
                    Quantity.count(dataset.files()),
                    Quantity.bytes(dataset.bytes()),
                    Quantity.count(dataset.waitingFiles()),
                    Quantity.bytes(dataset.waitingBytes()),
                    Optional.ofNullable(dataset.oldestWaiting()).map(this::age).orElse("-"),
                    Quantity.count(dataset.quarantined().size()),
                    Optional.ofNullable(dataset.lastRun())
                            .map(run -> run.activity() + " " + run.outcome() + " " + age(run.startedAt()) + " ago")
                            .orElse("never")));
        }
        table.print(out);
        for (Result.Dataset dataset : datasets) {
            dataset.quarantined()
                    .forEach(q ->
                            out.println("quarantined: " + q.stagedKey() + " (" + q.reason() + "): " + q.message()));
            Optional.ofNullable(dataset.lastRun())
                    .filter(run -> run.error() != null)
                    .ifPresent(run -> out.println(
                            "last " + run.activity() + " of " + dataset.dataset() + " failed: " + run.error()));
        }
    }

    private String age(String instant) {
        return Quantity.age(
                Duration.between(Instant.parse(instant), context.clock().instant()));
    }
}
