package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LedgerStatus;
import dev.millrace.lake.QuarantineLedger;
import dev.millrace.lake.RefusedFile;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists refused files. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the files that were refused and are not settled, a line each, the oldest verdict first.",
        footer = {
            "",
            "Examples:",
            "  millrace quarantine list",
            "  millrace quarantine list --dataset flights --reason schema-mismatch --json"
        })
final class QuarantineListCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Mixin
    private QuarantineFilter filter;

    @Option(names = "--all", description = "Show those that were dropped as well.")
    private boolean all;

    QuarantineListCommand(ProcessContext context) {
        this.context = context;
    }

    /** The files, as they are printed; times are ISO-8601 in UTC, {@code status} is the ledger's word. */
    record Result(List<Entry> files) {
        record Entry(
                String dataset,
                String stagedKey,
                String status,
                String reason,
                String message,
                long bytes,
                String refusedAt) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            List<Result.Entry> entries = filter.of(new QuarantineLedger(session).files()).stream()
                    .filter(file -> all || file.status() != LedgerStatus.DROPPED)
                    .map(QuarantineListCommand::entry)
                    .toList();
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(entries));
            } else {
                print(entries, context.streams().out());
            }
            return ExitCode.DONE;
        }
    }

    private static Result.Entry entry(RefusedFile file) {
        return new Result.Entry(
                file.dataset().toString(),
                file.key(),
                file.status().word(),
                file.verdict().reason(),
                file.verdict().message(),
                file.file().bytes(),
                file.verdict().decidedAt().toString());
    }

    private static void print(List<Result.Entry> entries, PrintStream out) {
        if (entries.isEmpty()) {
            out.println("no file is in quarantine");
            return;
        }
        TextTable table = new TextTable(List.of("staged file", "status", "reason", "size", "refused at", "message"));
        for (Result.Entry entry : entries) {
            table.row(List.of(
                    entry.stagedKey(),
                    entry.status(),
                    entry.reason(),
                    Quantity.bytes(entry.bytes()),
                    entry.refusedAt(),
                    entry.message()));
        }
        table.print(out);
    }
}
