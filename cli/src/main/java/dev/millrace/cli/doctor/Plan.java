package dev.millrace.cli.doctor;

import dev.millrace.cli.config.CatalogAddress;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.cli.pipeline.Workspace;
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
import java.util.stream.Stream;

/** Which checks a configuration asks for, and which of them need which. */
final class Plan {
    private static final Duration FOR_THE_ENGINE = Duration.ofSeconds(6);

    private final DoctorRequest request;
    private final Examination examination;
    private final Configuration configuration;
    private final Workspace workspace;
    private final Opened<LakeSession> session;

    Plan(DoctorRequest request, Examination examination, Configuration configuration, Workspace workspace) {
        this.request = request;
        this.examination = examination;
        this.configuration = configuration;
        this.workspace = workspace;
        this.session = examination.shared(Lane.ENGINE);
    }

    /**
     * The steps behind those of the configuration.
     *
     * @param contracts the step that has read the contracts
     * @param folder what it has read
     * @param selected the contracts to look at
     */
    List<Step> steps(Step contracts, Optional<ContractFolder> folder, Collection<Contract> selected) {
        Set<DatasetName> known =
                folder.map(read -> Set.copyOf(read.contracts().keySet())).orElse(Set.of());
        CatalogAddress catalog = configuration.lake().catalog();
        StorePlan stores = new StorePlan(configuration, workspace, request.clock());
        CatalogPlan database = CatalogPlan.of(catalog, request.environment(), request.clock(), examination);
        Step engine = Step.of(Group.ENGINE, "versions", Lane.ENGINE, new EngineVersions(workspace::engineExtensions))
                .within(FOR_THE_ENGINE)
                .orElse("see 'A site without network' in docs/operations.md");
        Step attached = Step.of(Group.LAKE, "attached", Lane.ENGINE, new LakeAttachment(workspace::inspection, session))
                .within(FOR_THE_ENGINE)
                .needing(Stream.of(Stream.of(engine), database.entrance().stream(), stores.keysOfLakeData().stream())
                        .flatMap(steps -> steps)
                        .toArray(Step[]::new))
                .orElse(
                        "set lake.catalog and lake.data to those that the lake was made with; a damaged catalog is restored"
                                + " from a backup");
        List<Step> all = new ArrayList<>(stores.steps());
        all.addAll(database.steps());
        all.addAll(List.of(engine, attached));
        if (catalog instanceof CatalogAddress.Sqlite sqlite) {
            all.add(Step.of(
                            Group.CATALOG_DATABASE,
                            "integrity",
                            Lane.ENGINE,
                            new SqliteHealth(session::value, sqlite.file()))
                    .needing(attached)
                    .warningWhenLate()
                    .orElse(SqliteHealth.RESTORE));
        }
        all.addAll(new LakePlan(request, configuration, workspace, session::value)
                .steps(attached, stores.staging(), contracts, known, selected));
        all.add(Step.of(Group.DISK, "space", Lane.DISK, new DiskSpace(directories())));
        return all;
    }

    private List<Path> directories() {
        Optional<Path> catalogFolder = configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite
                ? Optional.of(sqlite.file().getParent())
                : Optional.empty();
        return Stream.of(
                        directory(configuration.staging()),
                        directory(configuration.lake().data()),
                        catalogFolder,
                        Optional.of(EngineCache.standard().folder()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<Path> directory(StorageAddress address) {
        return Optional.of(
                address instanceof StorageAddress.Directory directory
                        ? directory.path()
                        // What goes to S3 is built there.
                        : Path.of(System.getProperty("java.io.tmpdir")));
    }
}
