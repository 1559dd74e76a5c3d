package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.Quarantine;
import dev.millrace.ingester.QuarantineAction;
import dev.millrace.ingester.QuarantinePlan;
import dev.millrace.ingester.QuarantineResult;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerStatus;
import dev.millrace.lake.QuarantineLedger;
import dev.millrace.lake.RefusedFile;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Decides something on refused files: a transaction a dataset, under its lease for ingests. */
abstract class QuarantineActionCommand implements Subcommand {
    private final ProcessContext context;
    private final QuarantineAction action;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private QuarantineFilter filter;

    @Parameters(paramLabel = "KEY", arity = "0..*", description = "The key of a staged file, as 'list' shows it.")
    private List<String> keys = List.of();

    @Option(names = "--all", description = "All files that are in quarantine.")
    private boolean all;

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    private QuarantineActionCommand(ProcessContext context, QuarantineAction action) {
        this.context = context;
        this.action = action;
    }

    /** Has refused files inspected again. */
    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = {
                "Take the verdict on refused files back: the next ingest inspects them again.",
                "",
                "For files that are right where the contract was wrong: correct it and run 'millrace init' first."
            },
            footer = {
                "",
                "Examples:",
                "  millrace quarantine retry flights/till-1/0198c2e4.parquet",
                "  millrace quarantine retry --dataset flights --reason schema-mismatch"
            })
    static final class Retry extends QuarantineActionCommand {
        Retry(ProcessContext context) {
            super(context, QuarantineAction.RETRY);
        }
    }

    /** Has files loaded although values are missing. */
    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = {
                "Let the next ingest load files although a column that the contract requires holds NULL in them.",
                "",
                "No other reason can be waived: the rows could not be loaded as they are."
            },
            footer = {"", "Example:", "  millrace quarantine release flights/till-1/0198c2e4.parquet"})
    static final class Release extends QuarantineActionCommand {
        Release(ProcessContext context) {
            super(context, QuarantineAction.RELEASE);
        }
    }

    /** Deletes refused files from staging. */
    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = {
                "Delete refused files from the staging area for good. The ledger keeps that they were there, why they were"
                        + " refused, and when they were dropped.",
                "",
                "Their rows never come into the lake. Asks first; where nobody can be asked, --yes is needed."
            },
            footer = {
                "",
                "Examples:",
                "  millrace quarantine drop flights/till-1/0198c2e4.parquet",
                "  millrace quarantine drop --reason not-parquet --dry-run"
            })
    static final class Drop extends QuarantineActionCommand {
        @Option(names = "--yes", description = "Don't ask.")
        private boolean yes;

        Drop(ProcessContext context) {
            super(context, QuarantineAction.DROP);
        }

        @Override
        boolean isConfirmed(long files) throws IOException {
            return yes || confirmed("delete " + Quantity.of(files, "staged file") + " for good");
        }
    }

    /** What was done, or with {@code --dry-run} would be, as it is printed. {@code outcome}: done, nothing-to-do, planned or held-by-another. */
    record Result(String action, List<Dataset> datasets) {
        record Dataset(
                String dataset,
                String outcome,
                String run,
                List<String> accepted,
                List<String> settled,
                List<Declined> declined) {}

        record Declined(String stagedKey, String why) {}
    }

    @Override
    public ExitCode run() throws IOException {
        if (keys.isEmpty() == (!all && filter.reason().isEmpty())) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "name the keys of files, or all of them with --all or --reason");
        }
        try (Workspace workspace = global.workspace(context);
                LakeSession session =
                        workspace.session(dryRun ? SessionOptions.Access.READ : SessionOptions.Access.WRITE)) {
            Map<DatasetName, List<RefusedFile>> files = selected(session);
            long count = files.values().stream().mapToLong(List::size).sum();
            if (!dryRun && count > 0 && !isConfirmed(count)) {
                context.streams().err().println("millrace: nothing was changed");
                return ExitCode.FAILED;
            }
            Execution execution = workspace
                    .operations()
                    .execution(action.activity(), files.size() > 1 ? Execution.Shape.PARENT : Execution.Shape.SINGLE);
            try {
                return act(workspace.operations().quarantine(session, Optional.of(execution)), files);
            } finally {
                execution.end(session);
            }
        }
    }

    private ExitCode act(Quarantine quarantine, Map<DatasetName, List<RefusedFile>> files) throws IOException {
        List<Result.Dataset> results = new ArrayList<>();
        ExitCode exitCode = ExitCode.DONE;
        for (Map.Entry<DatasetName, List<RefusedFile>> dataset : files.entrySet()) {
            ExitCode ended = act(quarantine, dataset.getKey(), dataset.getValue(), results);
            exitCode = exitCode == ExitCode.DONE ? ended : exitCode;
        }
        print(results);
        return exitCode;
    }

    /** Asked before anything is changed. */
    boolean isConfirmed(long files) throws IOException {
        return true;
    }

    final boolean confirmed(String question) throws IOException {
        if (!context.terminal()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "this would " + question + "; say so with --yes, or look with --dry-run");
        }
        PrintStream err = context.streams().err();
        err.print("millrace: " + question + "? [y/N] ");
        err.flush();
        String answer =
                new BufferedReader(new InputStreamReader(context.streams().in(), StandardCharsets.UTF_8)).readLine();
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }

    private Map<DatasetName, List<RefusedFile>> selected(LakeSession session) {
        List<RefusedFile> files = keys.isEmpty()
                ? filter.of(new QuarantineLedger(session).files()).stream()
                        .filter(file -> file.status() == LedgerStatus.QUARANTINED)
                        .toList()
                : filter.of(new NamedRefusedFiles(session).of(keys));
        return files.stream().collect(Collectors.groupingBy(RefusedFile::dataset, TreeMap::new, Collectors.toList()));
    }

    private ExitCode act(
            Quarantine quarantine, DatasetName dataset, List<RefusedFile> files, List<Result.Dataset> results) {
        Set<String> wanted = files.stream().map(RefusedFile::key).collect(Collectors.toSet());
        Predicate<RefusedFile> isWanted = file -> wanted.contains(file.key());
        if (dryRun) {
            results.add(entry(dataset, "planned", Optional.empty(), quarantine.plan(action, dataset, isWanted)));
            return ExitCode.DONE;
        }
        QuarantineResult result = quarantine.run(action, dataset, isWanted);
        if (result instanceof QuarantineResult.HeldByAnother held) {
            context.streams()
                    .err()
                    .println("millrace: dataset '" + dataset + "' is being ingested by " + held.holder() + " since "
                            + held.since() + "; try again later (its lease ends at " + held.until() + ")");
            results.add(entry(
                    dataset, "held-by-another", Optional.empty(), new QuarantinePlan(List.of(), List.of(), List.of())));
            return ExitCode.TRY_AGAIN_LATER;
        }
        QuarantineResult.Done done = (QuarantineResult.Done) result;
        results.add(entry(dataset, done.runId().isPresent() ? "done" : "nothing-to-do", done.runId(), done.plan()));
        // Of many, those to which it applies were meant.
        return keys.isEmpty() || done.plan().declined().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static Result.Dataset entry(
            DatasetName dataset, String outcome, Optional<String> run, QuarantinePlan plan) {
        return new Result.Dataset(
                dataset.toString(),
                outcome,
                run.orElse(null),
                plan.accepted().stream().map(RefusedFile::key).toList(),
                plan.settled().stream().map(RefusedFile::key).toList(),
                plan.declined().stream()
                        .map(d -> new Result.Declined(d.file().key(), d.why()))
                        .toList());
    }

    private void print(List<Result.Dataset> results) throws IOException {
        PrintStream out = context.streams().out();
        if (global.json()) {
            JsonResult.print(out, new Result(action.word(), results));
            return;
        }
        if (results.isEmpty()) {
            out.println("no file of that kind is in quarantine");
        }
        for (Result.Dataset dataset : results) {
            dataset.accepted().forEach(key -> out.println(key + ": " + (dryRun ? "would be " : "") + consequence()));
            dataset.settled().forEach(key -> out.println(key + ": nothing to do, " + consequence() + " already"));
            dataset.declined()
                    .forEach(d -> context.streams().err().println("millrace: " + d.stagedKey() + " " + d.why()));
        }
    }

    private String consequence() {
        return switch (action) {
            case RETRY -> "inspected again by the next ingest";
            case RELEASE -> "loaded by the next ingest, with the missing values";
            case DROP -> "dropped";
        };
    }
}
