package dev.millrace.cli.doctor;

import dev.millrace.cli.config.CatalogAddress;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.cli.pipeline.Workspace;
import dev.millrace.ingester.IngestListener;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.engine.EngineCache;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.schemas.DatasetName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which checks a configuration asks for, and which of them need which. */
final class Plan {
    private static final Duration FOR_THE_ENGINE = Duration.ofSeconds(5);

    private final DoctorRequest request;
    private final Configuration configuration;
    private final Workspace workspace;
    private final Opened<LakeSession> session;

    Plan(DoctorRequest request, Examination examination, Configuration configuration, Workspace workspace) {
        this.request = request;
        this.configuration = configuration;
        this.workspace = workspace;
        this.session = examination.shared(Lane.ENGINE);
    }

    List<Step> steps(Step contracts, Optional<ContractFolder> folder, Collection<Contract> selected) {
        List<Step> steps = new ArrayList<>();
        Step engine = Step.of(Group.ENGINE, "versions", Lane.ENGINE, new EngineVersions(workspace.engineExtensions()))
                .within(FOR_THE_ENGINE)
                .orElse("see 'A site without network' in docs/operations.md");
        Step staging = store(steps, Group.STAGING, Lane.STAGING, workspace::staging, "staging");
        store(steps, Group.LAKE_DATA, Lane.LAKE_DATA, workspace::lakeData, "lake.data");
        Step database = catalogDatabase(steps);
        Step attached = Step.of(Group.LAKE, "attached", Lane.ENGINE, new LakeAttachment(workspace::inspection, session))
                .within(FOR_THE_ENGINE)
                .needing(engine, database)
                .orElse(
                        "set lake.catalog and lake.data to those that the lake was made with; a damaged catalog is restored"
                                + " from a backup");
        steps.addAll(List.of(engine, attached));
        steps.addAll(lake(attached, staging, contracts, folder, selected));
        if (configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite) {
            steps.add(Step.of(
                            Group.CATALOG_DATABASE,
                            "integrity",
                            Lane.ENGINE,
                            new SqliteHealth(session::value, sqlite.file()))
                    .warningWhenLate()
                    .orElse(SqliteHealth.RESTORE)
                    .needing(attached));
        }
        steps.add(Step.of(Group.DISK, "space", Lane.DISK, new DiskSpace(directories())));
        return steps;
    }

    private Step store(List<Step> steps, Group group, Lane lane, StoreListing.Opening opening, String key) {
        Step listing = Step.of(group, "list", lane, new StoreListing(opening))
                .orElse("see whether " + key + " can be reached from here");
        Step probe = Step.of(group, "write", lane, new StoreProbe(opening))
                .needing(listing)
                .orElse("see whether " + key + " can be written");
        steps.addAll(List.of(listing, probe));
        return listing;
    }

    private Step catalogDatabase(List<Step> steps) {
        Path file = ((CatalogAddress.Sqlite) configuration.lake().catalog()).file();
        Step step = Step.of(Group.CATALOG_DATABASE, "sqlite file", Lane.CATALOG_DATABASE, new SqliteFile(file))
                .orElse("make it readable for this user");
        steps.add(step);
        return step;
    }

    private List<Step> lake(
            Step attached,
            Step staging,
            Step contracts,
            Optional<ContractFolder> folder,
            Collection<Contract> selected) {
        Set<DatasetName> known =
                folder.map(read -> Set.copyOf(read.contracts().keySet())).orElse(Set.of());
        List<DatasetName> datasets = selected.stream().map(Contract::dataset).toList();
        boolean all = datasets.size() == known.size();
        Predicate<DatasetName> isWanted = dataset -> all || datasets.contains(dataset);
        Set<String> tables =
                datasets.stream().map(d -> d.schema() + "." + d.table()).collect(Collectors.toSet());
        Supplier<LakeSession> open = session::value;
        Step pipeline = Step.of(Group.LAKE, "pipeline tables", Lane.ENGINE, new PipelineSchema(open))
                .needing(attached)
                .orElse("run 'millrace init'");
        return List.of(
                pipeline,
                Step.of(
                                Group.LAKE,
                                "tables",
                                Lane.ENGINE,
                                new LakeInventory(open, name -> all || tables.contains(name)))
                        .warningWhenLate()
                        .needing(attached),
                Step.of(Group.LAKE, "contracts", Lane.ENGINE, new ContractCoverage(open, selected, known))
                        .needing(pipeline, contracts),
                Step.of(Group.WORK, "leases", Lane.ENGINE, new Leases(open, isWanted, request.clock()))
                        .needing(pipeline),
                Step.of(Group.WORK, "last runs", Lane.ENGINE, new LastRuns(open, isWanted, request.clock()))
                        .needing(pipeline),
                Step.of(Group.WORK, "quarantine", Lane.ENGINE, new Quarantine(open, workspace::staging, isWanted))
                        .warningWhenLate()
                        .needing(pipeline, staging),
                Step.of(Group.WORK, "backlog", Lane.ENGINE, backlog(datasets))
                        .within(FOR_THE_ENGINE)
                        .warningWhenLate()
                        .needing(pipeline, contracts, staging)
                        .orElse("see 'millrace status', which takes the time that it needs"));
    }

    private WaitingFiles backlog(List<DatasetName> datasets) {
        Duration warnAfter = request.maxWait()
                .orElseGet(() -> BacklogVerdict.standardWarnAfter(
                        configuration.ingest().lease(), configuration.ingest().settle()));
        return new WaitingFiles(
                datasets,
                dataset ->
                        workspace.ingester(session.value(), IngestListener.NONE).backlog(dataset),
                warnAfter,
                request.clock());
    }

    private List<Path> directories() {
        return Stream.of(
                        directory(configuration.staging()),
                        directory(configuration.lake().data()),
                        configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite
                                ? Optional.of(sqlite.file().getParent())
                                : Optional.<Path>empty(),
                        Optional.of(EngineCache.standard().folder()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<Path> directory(StorageAddress address) {
        return address instanceof StorageAddress.Directory directory ? Optional.of(directory.path()) : Optional.empty();
    }
}
