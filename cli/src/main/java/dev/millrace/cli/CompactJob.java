package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.log.EventLog;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.serve.Job;
import dev.millrace.cli.serve.JobEnd;
import dev.millrace.cli.serve.Metrics;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.schemas.DatasetName;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What {@code serve} starts in the place of the command {@code compact}. */
final class CompactJob implements Job {
    private final ProcessContext context;
    private final Metrics metrics;
    private final StandardStreams log;

    CompactJob(ProcessContext context, Metrics metrics) {
        this.context = context;
        this.metrics = metrics;
        this.log = StandardStreams.events(context, "compact");
    }

    @Override
    public JobEnd run(Configuration configuration, Set<DatasetName> only, BooleanSupplier isStopAsked) {
        return ScheduledRun.end(log, isStopAsked, () -> {
            try (Workspace workspace = new Workspace(
                    configuration, context.environment(), context.clock(), log.err()::println, metrics.observers())) {
                CompactRun run =
                        new CompactRun(workspace, log, Telling.RESULTS, MergePolicy.Extent.WORTHWHILE, isStopAsked);
                ExitCode exitCode = run.over(workspace.contracts().all(), Optional.empty());
                run.printDeleted();
                CompactCommand.Result result = run.result();
                result.datasets()
                        .forEach(dataset ->
                                metrics.compacted(dataset.dataset(), dataset.commits(), dataset.leftFiles()));
                metrics.deleted(result.expiredSnapshots(), result.deletedFiles(), result.sweptFiles());
                OrphanReport orphans = result.orphans();
                if (orphans.message() != null) {
                    EventLog.failure(log.err(), orphans.message());
                    return ExitCode.FAILED;
                }
                return exitCode;
            }
        });
    }
}
