package dev.millrace.cli;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.cli.serve.Job;
import dev.millrace.cli.serve.JobEnd;
import dev.millrace.cli.serve.Metrics;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.util.Collection;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What {@code serve} starts in the place of the command {@code ingest}. */
final class IngestJob implements Job {
    private final ProcessContext context;
    private final Metrics metrics;
    private final StandardStreams log;

    IngestJob(ProcessContext context, Metrics metrics) {
        this.context = context;
        this.metrics = metrics;
        this.log = StandardStreams.events(context, "ingest");
    }

    @Override
    public JobEnd run(Configuration configuration, Set<DatasetName> only, BooleanSupplier isStopAsked) {
        return ScheduledRun.end(log, isStopAsked, () -> {
            try (Workspace workspace = new Workspace(
                    configuration, context.environment(), context.clock(), log.err()::println, metrics.observers())) {
                Collection<Contract> contracts = workspace.contracts().all().stream()
                        .filter(contract -> only.isEmpty() || only.contains(contract.dataset()))
                        .toList();
                IngestRun run = new IngestRun(workspace, log, Telling.HOLDERS, metrics.ingest(), isStopAsked);
                ExitCode exitCode = only.isEmpty() ? run.overAll(contracts) : run.over(contracts);
                run.printWork();
                run.results().stream()
                        .filter(result -> result.run() != null)
                        .forEach(result -> metrics.ingested(result.dataset()));
                return exitCode;
            }
        });
    }
}
