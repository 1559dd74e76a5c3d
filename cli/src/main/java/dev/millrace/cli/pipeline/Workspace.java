package dev.millrace.cli.pipeline;

import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.SupportedAddresses;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.CompactSettings;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Opens what a configuration names. Safe for many threads; the sessions and workers that it makes belong to one each.
 */
public final class Workspace {
    private final Configuration configuration;
    private final Clock clock;
    private final Consumer<String> notices;
    private final Worker worker = Worker.current();

    /** @param notices told in a sentence what takes long */
    public Workspace(Configuration configuration, Clock clock, Consumer<String> notices) {
        this.configuration = configuration;
        this.clock = clock;
        this.notices = notices;
    }

    public ContractFolder contracts() {
        return ContractFolder.read(configuration.contracts());
    }

    /** The staging area, which has to be there. */
    public ObjectStore staging() {
        return DirectoryStore.open(SupportedAddresses.staging(configuration));
    }

    /** Makes the folders of staging area, lake and catalog where they are missing. */
    public void createPlaces() {
        DirectoryStore.create(SupportedAddresses.staging(configuration));
        DirectoryStore.create(SupportedAddresses.lakeData(configuration));
        Path catalogFolder = SupportedAddresses.catalogFile(configuration).getParent();
        try {
            Files.createDirectories(catalogFolder);
        } catch (IOException e) {
            throw new StorageException(
                    "cannot make the catalog's folder " + catalogFolder + " (" + e + "); set lake.catalog to a place"
                            + " that can be written",
                    e);
        }
    }

    /** A session with a lake that has the pipeline's tables; {@code CREATE} is for {@code init}, which makes them. */
    public LakeSession session(SessionOptions.Access access) {
        Catalog catalog = new Catalog.SqliteCatalog(SupportedAddresses.catalogFile(configuration));
        LakeSession session = LakeSession.open(
                new LakeAddress(catalog, lakeData().root()),
                SessionOptions.of(access)
                        .withReadablePlaces(List.of(staging().root() + "/"))
                        .withNotices(notices));
        try {
            if (access != SessionOptions.Access.CREATE) {
                PipelineTables.require(session);
            }
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    public Ingester ingester(LakeSession session, IngestListener listener) {
        Configuration.Ingest ingest = configuration.ingest();
        return new Ingester(
                new IngestEnvironment(session, staging(), lakeData(), terms(Activity.INGEST, ingest.lease())),
                new IngestSettings(
                        new BatchLimits(ingest.maxBatchBytes(), ingest.maxBatchFiles(), ingest.maxBatchPartitions()),
                        configuration.compact().targetFileBytes(),
                        ingest.settle()),
                listener);
    }

    public Compactor compactor(LakeSession session) {
        return new Compactor(
                new CompactEnvironment(
                        session,
                        lakeData(),
                        terms(Activity.COMPACT, configuration.compact().lease())),
                compactSettings());
    }

    public SnapshotExpiry expiry(LakeSession session) {
        return new SnapshotExpiry(session, compactSettings(), clock, CommitRetry.STANDARD);
    }

    public StagingSweep sweep(LakeSession session) {
        return new StagingSweep(session, staging(), configuration.ingest().retainStaged(), clock);
    }

    private CompactSettings compactSettings() {
        Configuration.Compact compact = configuration.compact();
        return new CompactSettings(compact.targetFileBytes(), compact.keepSnapshots(), compact.grace());
    }

    private ObjectStore lakeData() {
        return DirectoryStore.open(SupportedAddresses.lakeData(configuration));
    }

    private LeasedRun.Terms terms(Activity activity, Duration lease) {
        return new LeasedRun.Terms(activity, worker, lease, clock, CommitRetry.STANDARD);
    }
}
