package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.ingester.RefusedFileState;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RefusedFile;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows all that is known of refused files. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show everything that is known of refused files, and what to do next.",
        footer = {"", "Example:", "  millrace quarantine show flights/till-1/0198c2e4.parquet"})
final class QuarantineShowCommand implements Subcommand {
    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Parameters(paramLabel = "KEY", arity = "1..*", description = "The key of a staged file, as 'list' shows it.")
    private List<String> keys;

    QuarantineShowCommand(ProcessContext context) {
        this.context = context;
    }

    /**
     * The files, as they are printed; times are ISO-8601 in UTC. {@code footer} is null where there is no readable one, {@code worker} where
     * the run is not known, {@code changedAt} and {@code changedBy} where nobody has decided anything since. {@code staged}: there,
     * changed or gone.
     */
    record Result(List<Entry> files) {
        record Entry(
                String dataset,
                String stagedKey,
                String status,
                String reason,
                String message,
                long bytes,
                String modifiedAt,
                String footer,
                String refusedAt,
                String run,
                String worker,
                String batch,
                String changedAt,
                String changedBy,
                String staged,
                String next) {}
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            List<Result.Entry> entries = new ArrayList<>();
            List<RefusedFile> files = new NamedRefusedFiles(session).of(keys);
            Map<String, RefusedFileState> states =
                    workspace.operations().quarantine(session).states(files);
            files.forEach(file -> entries.add(entry(file, states.get(file.key()))));
            if (global.json()) {
                JsonResult.print(context.streams().out(), new Result(entries));
            } else {
                entries.forEach(entry -> print(entry, context.streams().out()));
            }
            return ExitCode.DONE;
        }
    }

    private static Result.Entry entry(RefusedFile file, RefusedFileState state) {
        RefusedFile.Verdict verdict = file.verdict();
        return new Result.Entry(
                file.dataset().toString(),
                file.key(),
                file.status().word(),
                verdict.reason(),
                verdict.message(),
                file.file().bytes(),
                file.file().modifiedAt().toString(),
                file.file().footerId().orElse(null),
                verdict.decidedAt().toString(),
                verdict.runId(),
                verdict.worker().orElse(null),
                verdict.batchId(),
                file.change().map(RefusedFile.Change::at).map(Instant::toString).orElse(null),
                file.change().map(RefusedFile.Change::runId).orElse(null),
                state.word(),
                QuarantineAdvice.of(file, state));
    }

    private static void print(Result.Entry entry, PrintStream out) {
        out.println(entry.stagedKey());
        line(out, "dataset", entry.dataset());
        line(out, "status", entry.status());
        line(out, "reason", entry.reason());
        line(out, "message", entry.message());
        line(out, "size", entry.bytes() + " B, modified " + entry.modifiedAt());
        line(out, "footer", entry.footer() == null ? "none that can be read" : entry.footer());
        line(
                out,
                "refused",
                entry.refusedAt() + " by run " + entry.run() + (entry.worker() == null ? "" : " of " + entry.worker()));
        if (entry.changedAt() != null) {
            line(out, entry.status(), entry.changedAt() + " by run " + entry.changedBy());
        }
        line(out, "staged", entry.staged());
        line(out, "next", entry.next());
    }

    private static void line(PrintStream out, String name, String value) {
        out.printf("  %-9s %s%n", name, value.replaceAll("\\R", " "));
    }
}
