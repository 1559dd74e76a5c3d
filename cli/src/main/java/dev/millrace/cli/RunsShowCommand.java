package dev.millrace.cli;

import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.runs.RunDetails;
import dev.millrace.cli.runs.RunText;
import dev.millrace.cli.text.Paint;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.RunRecord;
import dev.millrace.lake.RunSearch;
import dev.millrace.lake.SessionOptions;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows everything that the lake knows of one run. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description =
                "Show everything of one run: its counts, its retries, its error, the runs below it, the batches of an ingest, the"
                        + " steps of a compaction, and the snapshots that it made.",
        footer = {"", "Example:", "  millrace runs show 019ac1f2-3b4c"})
final class RunsShowCommand implements Subcommand {
    /** So many are named where a beginning is not enough. */
    private static final int NAMED = 5;

    private final ProcessContext context;

    @Mixin
    private GlobalOptions global;

    @Parameters(
            paramLabel = "ID",
            description = "The id of the run, or so much of its beginning that there is just one.")
    private String id;

    RunsShowCommand(ProcessContext context) {
        this.context = context;
    }

    @Override
    public ExitCode run() throws IOException {
        try (Workspace workspace = global.workspace(context);
                LakeSession session = workspace.session(SessionOptions.Access.READ)) {
            RunDetails details = RunDetails.read(session, find(session));
            if (global.json()) {
                JsonResult.print(context.streams().out(), details);
            } else {
                new RunText(Paint.when(context.coloured()), context.clock().instant())
                        .print(details, context.streams().out());
            }
            return ExitCode.DONE;
        }
    }

    private RunRecord find(LakeSession session) {
        List<RunRecord> found = new RunSearch(session).startingWith(id, NAMED);
        if (found.isEmpty()) {
            throw new UnknownRunException("there is no run whose id begins with '" + id
                    + "'; 'millrace runs' shows those that there are, and old ones are forgotten after runs.keep");
        }
        if (found.size() > 1) {
            throw new UnknownRunException("the ids of several runs begin with '" + id + "', such as "
                    + found.stream().map(RunRecord::runId).collect(Collectors.joining(", ")) + "; write more of it");
        }
        return found.get(0);
    }
}
