package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.runs.RunEntry;
import dev.millrace.cli.runs.RunText;
import dev.millrace.cli.text.Paint;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RunFilter;
import dev.millrace.lake.RunOutcome;
import dev.millrace.lake.RunSearch;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.DatasetName;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what runs did. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        description = {
            "Show what runs did, the newest first, and how they ended.",
            "",
            "A pass over several datasets has a run for each of them below it. An ingest or a compaction that found nothing to"
                    + " do, or a dataset that another one had, is no run. What a filter keeps is shown with its parent."
        },
        footer = {
            "",
            "Examples:",
            "  millrace runs --since 2h",
            "  millrace runs --dataset flights --outcome failed --outcome died",
            "  millrace runs show 019ac1f2-3b4c"
        })
final class RunsCommand implements Subcommand {
    private final ProcessContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "Only runs of this dataset; may be given several times.")
    private List<String> datasets = List.of();

    @Option(
            names = "--activity",
            paramLabel = "ACTIVITY",
            description = "Only runs of this kind, such as ingest, compact or expire; may be given several times.")
    private List<String> activities = List.of();

    @Option(
            names = "--outcome",
            paramLabel = "OUTCOME",
            description =
                    "Only runs that ended so: running, succeeded, failed, fenced or died; may be given several times.")
    private List<String> outcomes = List.of();

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "Only runs that had not ended before: 2h ago, 2026-11-25 or 2026-11-25T18:00:00Z.")
    private String since;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description = "Only runs that began before, written in the same way.")
    private String until;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "So many runs at most, not counting those below others (${DEFAULT-VALUE}).")
    private int limit;

    RunsCommand(ProcessContext context) {
        this.context = context;
    }

    /** With its verb. */
    CommandLine commandLine() {
        return new CommandLine(this).addSubcommand(new RunsShowCommand(context));
    }

    /** The runs, each parent before its children, as they are printed. */
    record Result(List<RunEntry> runs) {}

    @Override
    public ExitCode run() throws IOException {
        RunFilter filter = filter();
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            List<RunEntry> runs = new RunSearch(session)
                    .find(filter).stream().map(RunEntry::of).toList();
            PrintStream out = context.streams().out();
            if (global.json()) {
                JsonResult.print(out, new Result(runs));
            } else if (runs.isEmpty()) {
                out.println("no run of that kind is in the catalog");
            } else {
                new RunText(Paint.when(context.coloured()), context.clock().instant()).print(runs, out);
            }
            return ExitCode.DONE;
        }
    }

    private RunFilter filter() {
        List<String> known =
                Arrays.stream(RunOutcome.values()).map(RunOutcome::word).toList();
        outcomes.stream()
                .filter(outcome -> !known.contains(outcome))
                .findFirst()
                .ifPresent(outcome -> {
                    throw new CommandLine.ParameterException(
                            spec.commandLine(),
                            "--outcome is '" + outcome + "'; there are " + String.join(", ", known));
                });
        if (limit < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--limit is '" + limit + "'; it is at least 1");
        }
        return new RunFilter(
                datasets.stream()
                        .map(DatasetName::parse)
                        .map(DatasetName::toString)
                        .toList(),
                activities,
                outcomes,
                time("--since", since),
                time("--until", until),
                limit);
    }

    private Optional<Instant> time(String option, String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(TimeBound.parse(text, context.clock().instant()));
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), option + " is '" + text + "'; allowed is " + e.getMessage(), e);
        }
    }
}
