package dev.millrace.cli.doctor;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.LakeSession;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The checks that look through the engine: what the lake holds, and what the pipeline does in it. */
final class LakePlan {
    private static final Duration LONG = Duration.ofSeconds(5);

    private final DoctorRequest request;
    private final Configuration configuration;
    private final Workspace workspace;
    private final Supplier<LakeSession> session;

    /** @param session of the lake; opened by the step that the others need */
    LakePlan(DoctorRequest request, Configuration configuration, Workspace workspace, Supplier<LakeSession> session) {
        this.request = request;
        this.configuration = configuration;
        this.workspace = workspace;
        this.session = session;
    }

    /**
     * The steps.
     *
     * @param attached the one that opens the session
     * @param staging the one that finds the staging area
     * @param contracts the one that reads the contracts
     * @param known the datasets of all contracts
     * @param selected the contracts to look at
     */
    List<Step> steps(
            Step attached, Step staging, Step contracts, Set<DatasetName> known, Collection<Contract> selected) {
        List<DatasetName> datasets = selected.stream().map(Contract::dataset).toList();
        boolean all = datasets.size() == known.size();
        Predicate<DatasetName> isWanted = dataset -> all || datasets.contains(dataset);
        Set<String> tables =
                datasets.stream().map(d -> d.schema() + "." + d.table()).collect(Collectors.toSet());
        Predicate<String> isWantedTable = name -> all || tables.contains(name);
        Step pipeline = step(Group.LAKE, "pipeline tables", new PipelineSchema(session))
                .needing(attached)
                .orElse("run 'millrace init'");
        return List.of(
                pipeline,
                step(Group.LAKE, "tables", new LakeInventory(session, isWantedTable))
                        .needing(attached)
                        .warningWhenLate(),
                step(Group.LAKE, "deletes", new LakeDeletes(session, isWantedTable))
                        .needing(attached)
                        .warningWhenLate(),
                step(Group.LAKE, "contracts", new ContractCoverage(session, selected, known))
                        .needing(pipeline, contracts),
                step(Group.WORK, "leases", new Leases(session, isWanted, request.clock()))
                        .needing(pipeline),
                step(Group.WORK, "last runs", new LastRuns(session, isWanted, request.clock()))
                        .needing(pipeline),
                step(Group.WORK, "quarantine", new Quarantine(session, workspace::staging, isWanted))
                        .needing(pipeline, staging)
                        .warningWhenLate(),
                step(Group.WORK, "orphans", new OrphanRemovals(session, request.clock()))
                        .needing(pipeline),
                step(Group.WORK, "backlog", backlog(datasets))
                        .needing(pipeline, contracts, staging)
                        .within(LONG)
                        .warningWhenLate()
                        .orElse("see 'millrace status', which takes the time that it needs"));
    }

    private static Step step(Group group, String name, Check check) {
        return Step.of(group, name, Lane.ENGINE, check);
    }

    private WaitingFiles backlog(List<DatasetName> datasets) {
        Duration warnAfter = request.maxWait()
                .orElseGet(() -> BacklogVerdict.standardWarnAfter(
                        configuration.ingest().lease(), configuration.ingest().settle()));
        return new WaitingFiles(
                datasets,
                dataset -> workspace
                        .operations()
                        .ingester(session.get(), IngestListener.NONE)
                        .backlog(dataset),
                warnAfter,
                request.clock());
    }
}
