package dev.millrace.cli;

import dev.millrace.cli.config.DurationText;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.status.DatasetStatus;
import dev.millrace.cli.status.StatusEntry;
import dev.millrace.cli.status.StatusReport;
import dev.millrace.cli.status.StatusText;
import dev.millrace.cli.text.Paint;
import dev.millrace.cli.text.TerminalSize;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.Ledger;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows where the rows are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show for each dataset what is in the lake and how late that is, what waits and how long an ingest takes for it, and what is"
                    + " worth a look: refused files, failures, leases, what the next compaction would do.",
            "",
            "It looks at the catalog and lists the staging area; it changes nothing."
        },
        footer = {
            "",
            "Examples:",
            "  millrace status",
            "  millrace status flights --json",
            "  millrace status --watch 5s"
        })
final class StatusCommand implements Subcommand {
    /** For files and pipes, which have no width. */
    private static final int WIDTH_ELSEWHERE = 120;

    /** So many refused files of a dataset are listed at most. */
    private static final int LISTED_FILES = 1_000;

    private static final String DEFAULT_INTERVAL = "2s";

    private final ProcessContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    @Option(
            names = "--watch",
            paramLabel = "INTERVAL",
            arity = "0..1",
            fallbackValue = DEFAULT_INTERVAL,
            description = "Show it again and again, every 2s or as often as is said, until Ctrl-C; on a terminal only.")
    private String watch;

    StatusCommand(ProcessContext context) {
        this.context = context;
    }

    /** The state of the datasets, as it is printed; times are ISO-8601 in UTC. */
    record Result(String at, List<StatusEntry> datasets, List<String> withoutContract) {}

    @Override
    public ExitCode run() throws IOException {
        if (watch != null) {
            return watch(interval());
        }
        try (Workspace workspace = global.workspace(context)) {
            List<StatusEntry> datasets = new ArrayList<>();
            List<String> withoutContract;
            ExitCode exitCode;
            try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
                withoutContract = FoldersWithoutContract.of(workspace.staging().folders(), workspace.contracts())
                        .notices();
                exitCode = look(workspace, session, context.streams().err(), datasets);
            }
            if (global.json()) {
                JsonResult.print(
                        context.streams().out(),
                        new Result(context.clock().instant().toString(), datasets, withoutContract));
            } else {
                lines(
                                datasets,
                                context.terminal()
                                        ? TerminalSize.of(context.environment()).columns()
                                        : WIDTH_ELSEWHERE)
                        .forEach(context.streams().out()::println);
                withoutContract.forEach(context.streams().out()::println);
            }
            return exitCode;
        }
    }

    private ExitCode look(Workspace workspace, LakeSession session, PrintStream err, List<StatusEntry> datasets) {
        StatusReport report = new StatusReport(workspace, session, context.clock());
        return EachDataset.run(selection.of(workspace.contracts()), session, err, contract -> {
            datasets.add(entry(report, session, contract));
            return ExitCode.DONE;
        });
    }

    private static StatusEntry entry(StatusReport report, LakeSession session, Contract contract) {
        DatasetStatus status = report.of(contract);
        return StatusEntry.of(
                status,
                status.ledger().quarantinedFiles() == 0
                        ? List.of()
                        : new Ledger(session).quarantined(contract.dataset(), LISTED_FILES));
    }

    private List<String> lines(List<StatusEntry> datasets, int width) {
        return datasets.isEmpty()
                ? List.of("there are no contracts yet; add one and run 'millrace init'")
                : new StatusText(
                                Paint.when(context.coloured()),
                                width,
                                context.clock().instant())
                        .lines(datasets);
    }

    private Duration interval() {
        if (!context.terminal() || global.json()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--watch is for a terminal; elsewhere, and with --json, run 'millrace status' as often as you like");
        }
        try {
            Duration interval = DurationText.parse(watch);
            if (interval.toMillis() > 0) {
                return interval;
            }
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--watch is '" + watch + "'; allowed is " + e.getMessage(), e);
        }
        throw new CommandLine.ParameterException(
                spec.commandLine(), "--watch is '" + watch + "'; it is more than nothing");
    }

    /** With one session for all looks; what goes wrong with a dataset is shown below the others until it is over. */
    private ExitCode watch(Duration interval) {
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            new StatusWatch(context.streams().out(), interval)
                    .run(() -> watched(workspace, session), () -> TerminalSize.of(context.environment())
                            .rows());
            return ExitCode.DONE;
        }
    }

    private List<String> watched(Workspace workspace, LakeSession session) {
        List<StatusEntry> datasets = new ArrayList<>();
        FailureLines failures = new FailureLines();
        try {
            look(workspace, session, failures.stream(), datasets);
        } catch (RuntimeException e) {
            failures.stream().println("millrace: " + FailureReport.message(e));
        }
        List<String> failed = failures.lines();
        List<String> lines = new ArrayList<>();
        if (failed.isEmpty() || !datasets.isEmpty()) {
            lines.addAll(lines(datasets, TerminalSize.of(context.environment()).columns()));
        }
        Paint paint = Paint.when(context.coloured());
        failed.forEach(line -> lines.add(paint.bad(line)));
        return lines;
    }
}
