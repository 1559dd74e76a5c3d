package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.WaitingFit;
import dev.millrace.lake.ColumnChange;
import dev.millrace.lake.ColumnWidening;
import dev.millrace.lake.ContractChange;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.DatasetTable;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.EnumChange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds contracts against the lake and against what waits. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Show what contracts would change in the lake, and which waiting files they would keep out. Changes"
                    + " nothing.",
            "",
            "Of each difference it says: free (nothing to do), step ('millrace init' or an ingest changes the dataset)"
                    + " or breaks (it is refused, or waiting files would be quarantined). Ends with 1 where something"
                    + " breaks."
        },
        footer = {
            "",
            "Examples:",
            "  millrace contract check",
            "  millrace contract check flights --contracts ../pull-request/contracts"
        })
final class ContractCheckCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(
            names = "--contracts",
            paramLabel = "FOLDER",
            description = "The contracts to check; else those of the configuration.")
    private Path contracts;

    ContractCheckCommand(ProcessContext context) {
        this.context = context;
    }

    /** What was found, as it is printed; {@code effect} is free, step or breaks. */
    record Result(List<Dataset> datasets) {
        record Dataset(String dataset, long waitingFiles, List<Change> changes) {}

        record Change(String effect, String subject, String message) {}
    }

    @Override
    public ExitCode run() throws IOException {
        List<Result.Dataset> datasets = new ArrayList<>();
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            ContractFolder folder = contracts == null
                    ? workspace.contracts()
                    : ContractFolder.read(context.workingDirectory().resolve(contracts));
            ExitCode exitCode = EachDataset.run(
                    selection.of(folder),
                    session,
                    context.streams().err(),
                    contract -> check(workspace, session, contract, former(workspace, contract), datasets));
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(datasets));
            } else {
                datasets.forEach(dataset -> print(dataset, context.streams().out()));
            }
            return exitCode;
        }
    }

    /** The contract of the configuration, where another one is checked. */
    private Optional<Contract> former(Workspace workspace, Contract contract) {
        return contracts == null || !Files.isDirectory(workspace.contractsFolder())
                ? Optional.empty()
                : Optional.ofNullable(workspace.contracts().contracts().get(contract.dataset()));
    }

    private static ExitCode check(
            Workspace workspace,
            LakeSession session,
            Contract contract,
            Optional<Contract> former,
            List<Result.Dataset> datasets) {
        List<ContractChange> changes = new ArrayList<>(new DatasetContract(session, contract).changes());
        former.ifPresent(before -> EnumChange.between(before.schema(), contract.schema())
                .forEach(change -> changes.add(ofSymbols(change))));
        WaitingFit waiting =
                workspace.operations().ingester(session, IngestListener.NONE).fit(contract);
        waiting.changes()
                .forEach(change -> changes.add(
                        change instanceof ColumnChange.ColumnWidened widened
                                ? broughtWider(widened, session, contract, workspace.maxWidenBytes())
                                : brought(change)));
        waiting.misfits().forEach(misfit -> changes.add(keptOut(misfit)));
        datasets.add(new Result.Dataset(
                contract.dataset().toString(),
                waiting.files(),
                changes.stream()
                        .map(c -> new Result.Change(word(c.effect()), c.subject(), c.message()))
                        .toList()));
        return changes.stream().anyMatch(c -> c.effect() == ContractChange.Effect.BREAKS)
                ? ExitCode.FAILED
                : ExitCode.DONE;
    }

    private static ContractChange ofSymbols(EnumChange change) {
        List<String> parts = new ArrayList<>();
        if (!change.added().isEmpty()) {
            parts.add("has the new symbols " + change.added());
        }
        if (!change.removed().isEmpty()) {
            parts.add("has no longer the symbols " + change.removed()
                    + ", which stay in the rows that have them, and which files may still bring");
        }
        return new ContractChange(
                ContractChange.Effect.FREE,
                change.path(),
                "the enum '" + change.path() + "' " + String.join(" and ", parts)
                        + "; the lake holds its symbols as text, only the writers of the contract's own schema check"
                        + " them");
    }

    private static ContractChange brought(ColumnChange change) {
        return new ContractChange(
                ContractChange.Effect.STEP,
                change.subject(),
                "waiting files bring the " + (change instanceof ColumnChange.FieldAdded ? "field" : "column") + " '"
                        + change.subject() + "' (" + change.type().orElseThrow()
                        + "), which is not in the contract; the ingest that loads them adds it");
    }

    private static ContractChange broughtWider(
            ColumnChange.ColumnWidened change, LakeSession session, Contract contract, long maxBytes) {
        Optional<String> objection = ColumnWidening.objection(session, contract, maxBytes);
        return new ContractChange(
                objection.isEmpty() ? ContractChange.Effect.STEP : ContractChange.Effect.BREAKS,
                change.subject(),
                "waiting files bring wider values: " + change
                        + objection
                                .map(why -> ", and they would be quarantined: " + why)
                                .orElseGet(() -> " by the ingest that loads them: "
                                        + new DatasetTable(session, contract.dataset()).rewriteSize()
                                        + " are written anew"));
    }

    private static ContractChange keptOut(WaitingFit.Misfit misfit) {
        return new ContractChange(
                ContractChange.Effect.BREAKS,
                "waiting files",
                (misfit.files() == 1 ? "1 waiting file" : Quantity.count(misfit.files()) + " waiting files")
                        + (misfit.writers().isEmpty() ? "" : " of " + String.join(", ", misfit.writers()))
                        + " would be quarantined: " + misfit.message() + " (for example " + misfit.example() + ")");
    }

    private static String word(ContractChange.Effect effect) {
        return effect.name().toLowerCase(Locale.ROOT);
    }

    private static void print(Result.Dataset dataset, PrintStream out) {
        String waiting = dataset.waitingFiles() == 0
                ? "no file is waiting"
                : Quantity.count(dataset.waitingFiles()) + " waiting";
        if (dataset.changes().isEmpty()) {
            out.println(dataset.dataset() + ": the lake has it so already; " + waiting);
            return;
        }
        out.println(dataset.dataset() + ": " + waiting);
        dataset.changes().forEach(change -> out.println("  " + change.effect() + ": " + change.message()));
    }
}
