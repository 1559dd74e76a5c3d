package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.audit.AuditFinding;
import dev.millrace.ingester.audit.AuditReport;
import dev.millrace.ingester.audit.AuditReport.Verdict;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Proves that what was staged is what the lake holds. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Prove that what was staged is what the lake holds: staged files, ledger and lake have the same rows, by count"
                    + " and by a hash of every row. Finds lost, doubled and altered rows and names their staged files.",
            "",
            "Reads every row of the lake once and changes nothing. Rows that others have inserted, updated or deleted by"
                    + " SQL are told apart. Ends with 1 when something is wrong."
        },
        footer = {"", "Examples:", "  millrace audit", "  millrace audit flights --json"})
final class AuditCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private DatasetSelection selection;

    AuditCommand(ProcessContext context) {
        this.context = context;
    }

    /**
     * What was found, as it is printed. {@code verdict}: holds, changed-by-others or broken. {@code rowHash} is null where rows can't be
     * hashed; {@code batch} is empty where it can't be told.
     */
    record Result(List<Dataset> datasets) {
        record Dataset(
                String dataset,
                String verdict,
                long snapshot,
                Sums staged,
                Sums ledger,
                Sums lake,
                long rowsAddedByOthers,
                long rowsDeletedByOthers,
                List<Finding> findings,
                List<String> notes) {}

        record Sums(long files, long rows, long hashedRows, String rowHash) {}

        record Finding(String kind, String batch, List<String> stagedFiles, long rows, String message) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context)) {
            List<AuditReport> reports = new ArrayList<>();
            ExitCode exitCode;
            try (LakeSession session = workspace.session(SessionOptions.Access.READ)) {
                exitCode = EachDataset.run(
                        selection.of(workspace.contracts()),
                        session,
                        context.streams().err(),
                        contract -> {
                            AuditReport report =
                                    workspace.operations().audit(session).run(contract);
                            reports.add(report);
                            return report.verdict() == Verdict.BROKEN ? ExitCode.FAILED : ExitCode.DONE;
                        });
            }
            if (global.json()) {
                JsonResult.print(
                        context.streams().out(),
                        new Result(reports.stream().map(AuditCommand::entry).toList()));
            } else {
                reports.forEach(report -> print(report, context.streams().out()));
            }
            return exitCode;
        }
    }

    private static Result.Dataset entry(AuditReport report) {
        return new Result.Dataset(
                report.dataset().toString(),
                report.verdict().word(),
                report.totals().snapshot(),
                sums(report.totals().staged()),
                sums(report.totals().ledger()),
                sums(report.totals().lake()),
                report.others().rowsAdded(),
                report.others().rowsDeleted(),
                report.findings().stream()
                        .map(f ->
                                new Result.Finding(f.kind().word(), f.batch(), f.stagedFiles(), f.rows(), f.message()))
                        .toList(),
                report.notes());
    }

    private static Result.Sums sums(AuditReport.Sums sums) {
        return new Result.Sums(
                sums.files(), sums.rows(), sums.hashedRows(), sums.rowHash().orElse(null));
    }

    private static void print(AuditReport report, PrintStream out) {
        out.println(report.dataset() + ": " + sentence(report));
        TextTable table =
                new TextTable(List.of("  of snapshot " + report.totals().snapshot(), "files", "rows", "row hash"));
        row(table, "  staged, loaded and still there", report.totals().staged());
        row(table, "  ledger", report.totals().ledger());
        row(table, "  lake", report.totals().lake());
        table.print(out);
        for (AuditFinding finding : report.findings()) {
            out.println("  " + finding.kind().word()
                    + (finding.stagedFiles().isEmpty() ? "" : " " + String.join(" ", finding.stagedFiles()))
                    + (finding.batch().isEmpty() ? "" : " (batch " + finding.batch() + ")") + ": "
                    + finding.message());
        }
        report.notes().forEach(note -> out.println("  note: " + note));
    }

    private static void row(TextTable table, String name, AuditReport.Sums sums) {
        table.row(List.of(
                name,
                Quantity.count(sums.files()),
                Quantity.count(sums.rows()),
                sums.rowHash().orElse("-")));
    }

    private static String sentence(AuditReport report) {
        return switch (report.verdict()) {
            case HOLDS -> "what was staged is what the lake holds";
            case CHANGED_BY_OTHERS ->
                "others have added " + Quantity.of(report.others().rowsAdded(), "row") + " and deleted "
                        + Quantity.of(report.others().rowsDeleted(), "row")
                        + ", updates are both; nothing else differs from what was staged";
            case BROKEN ->
                "the lake does not hold what was staged; run no 'millrace compact' until it is settled, which would delete"
                        + " staged files and snapshots that the rows can be had from";
        };
    }
}
