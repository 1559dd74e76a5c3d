package dev.millrace.cli.pipeline;

import dev.millrace.cli.config.CatalogAddress;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.compactor.Budget;
import dev.millrace.compactor.CompactEnvironment;
import dev.millrace.compactor.Compactor;
import dev.millrace.compactor.MergePolicy;
import dev.millrace.compactor.OrphanRemoval;
import dev.millrace.compactor.OrphanSettings;
import dev.millrace.compactor.SnapshotExpiry;
import dev.millrace.compactor.SnapshotRetention;
import dev.millrace.ingester.BatchLimits;
import dev.millrace.ingester.FileLimits;
import dev.millrace.ingester.IngestEnvironment;
import dev.millrace.ingester.IngestListener;
import dev.millrace.ingester.IngestSettings;
import dev.millrace.ingester.Ingester;
import dev.millrace.ingester.Quarantine;
import dev.millrace.ingester.StagingSweep;
import dev.millrace.ingester.audit.Audit;
import dev.millrace.ingester.migration.MigrationPlace;
import dev.millrace.lake.Activity;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.CommitRetry;
import dev.millrace.lake.Execution;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.LeasedRun;
import dev.millrace.lake.Pinning;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.RewritePlace;
import dev.millrace.lake.RunRetention;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.TransactionListener;
import dev.millrace.lake.Worker;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.ContractFolder;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoreListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Opens what a configuration names. Safe for many threads; the sessions and workers that it makes belong to one each.
 */
public final class Workspace implements AutoCloseable {
    private final Configuration configuration;
    private final Map<String, String> environment;
    private final Stores stores;
    private final Clock clock;
    private final Consumer<String> notices;
    private final Worker worker = Worker.current();
    private final TransactionListener transactions;

    /**
     * @param environment where the secrets are looked for: keys of S3, password of PostgreSQL
     * @param notices told in a sentence what takes long
     */
    public Workspace(
            Configuration configuration, Map<String, String> environment, Clock clock, Consumer<String> notices) {
        this(configuration, environment, clock, notices, Observers.NONE);
    }

    /** As {@link #Workspace(Configuration, Map, Clock, Consumer)}, watched at what it does. */
    public Workspace(
            Configuration configuration,
            Map<String, String> environment,
            Clock clock,
            Consumer<String> notices,
            Observers observers) {
        this.configuration = configuration;
        this.environment = Map.copyOf(environment);
        this.stores = new Stores(configuration.s3(), environment, observers.stores());
        this.clock = clock;
        this.notices = notices;
        this.transactions = observers.transactions();
    }

    /** Who is told of operations on stores and of transactions. */
    public record Observers(StoreListener stores, TransactionListener transactions) {
        static final Observers NONE = new Observers(StoreListener.NONE, TransactionListener.NONE);
    }

    public ContractFolder contracts() {
        return ContractFolder.read(configuration.contracts());
    }

    /** The folder of the contracts. */
    public Path contractsFolder() {
        return configuration.contracts();
    }

    /** Whether a dataset without a contract gets one from its first files. */
    public boolean infersContracts() {
        return configuration.ingest().infersContracts();
    }

    /** The staging area, which has to be there. */
    public ObjectStore staging() {
        return stores.open(configuration.staging());
    }

    /** The staging area, whose folder is made where it is missing. */
    public ObjectStore createdStaging() {
        return stores.create(configuration.staging());
    }

    /** Makes the folders of staging area, lake and catalog where they are missing; buckets and databases have to be there. */
    public void createPlaces() {
        stores.create(configuration.staging());
        stores.create(configuration.lake().data());
        if (configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite) {
            Path catalogFolder = sqlite.file().getParent();
            try {
                Files.createDirectories(catalogFolder);
            } catch (IOException e) {
                throw new StorageException(
                        "cannot make the catalog's folder " + catalogFolder + " (" + e + "); set lake.catalog to a"
                                + " place that can be written",
                        e);
            }
        }
    }

    /** The engine's extensions that a session takes. */
    public List<String> engineExtensions() {
        List<String> extensions = new ArrayList<>(catalog().extensions());
        if (isOnS3(configuration.staging()) || isOnS3(configuration.lake().data())) {
            extensions.add("httpfs");
        }
        return extensions;
    }

    /** The connection to S3; finding its keys may take a while. */
    public S3Connection s3() {
        return stores.s3();
    }

    /**
     * A session that reads whatever lake is there, for looking at what may be broken: it asks for no tables of the pipeline, and
     * neither for a staging area nor for lake data.
     */
    public LakeSession inspection() {
        StorageAddress data = configuration.lake().data();
        boolean isThere = data instanceof StorageAddress.Directory directory && Files.exists(directory.path());
        SessionOptions options = SessionOptions.of(SessionOptions.Access.READ).withNotices(notices);
        return LakeSession.open(
                new LakeAddress(catalog(), isThere ? lakeData().root() : data.toString()),
                isOnS3(data) ? options.withS3(s3Access()) : options);
    }

    /** A session with a lake that has the pipeline's tables; {@code CREATE} is for {@code init}, which makes them. */
    public LakeSession session(SessionOptions.Access access) {
        return session(sessionOptions(access));
    }

    /** A session that only reads, and does not wait for a catalog's server that is away: for who looks again soon. */
    public LakeSession impatientSession() {
        return session(sessionOptions(SessionOptions.Access.READ).withOutage(Duration.ZERO));
    }

    /** As {@link #session(SessionOptions.Access)}, for one that reaches a further folder. */
    public LakeSession session(SessionOptions.Access access, Path folder) {
        SessionOptions options = sessionOptions(access);
        return session(
                options.withReadablePlaces(Stream.concat(options.readablePlaces().stream(), Stream.of(folder + "/"))
                        .toList()));
    }

    private LakeSession session(SessionOptions options) {
        LakeSession session =
                LakeSession.open(new LakeAddress(catalog(), lakeData().root()), options);
        try {
            if (options.access() != SessionOptions.Access.CREATE) {
                PipelineTables.require(session);
            }
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private Catalog catalog() {
        return configuration.lake().catalog() instanceof CatalogAddress.Sqlite sqlite
                ? new Catalog.SqliteCatalog(sqlite.file())
                : new Catalog.PostgresCatalog(
                        ((CatalogAddress.Postgres) configuration.lake().catalog()).with(environment));
    }

    private SessionOptions sessionOptions(SessionOptions.Access access) {
        SessionOptions options = SessionOptions.of(access)
                .withReadablePlaces(List.of(staging().root() + "/"))
                .withNotices(notices);
        return isOnS3(configuration.staging()) || isOnS3(configuration.lake().data())
                ? options.withS3(s3Access())
                : options;
    }

    private S3Access s3Access() {
        return new S3Access(configuration.s3(), stores.s3()::credentials, clock);
    }

    private static boolean isOnS3(StorageAddress address) {
        return address instanceof StorageAddress.S3Prefix;
    }

    /** Of runs by themselves. */
    public Ingester ingester(LakeSession session, IngestListener listener) {
        return ingester(session, listener, Optional.empty());
    }

    /**
     * As {@link #ingester(LakeSession, IngestListener)}, of an execution.
     *
     * @param execution that its runs belong to
     */
    public Ingester ingester(LakeSession session, IngestListener listener, Optional<Execution> execution) {
        Configuration.Ingest ingest = configuration.ingest();
        Configuration.StagedFileLimits limits = ingest.fileLimits();
        return new Ingester(
                new IngestEnvironment(
                        session, staging(), lakeData(), terms(Activity.INGEST, ingest.lease(), execution)),
                new IngestSettings(
                        new BatchLimits(ingest.maxBatchBytes(), ingest.maxBatchFiles(), ingest.maxBatchPartitions()),
                        configuration.compact().targetFileBytes(),
                        ingest.settle(),
                        new FileLimits(
                                limits.footerBytes(),
                                limits.columns(),
                                limits.nesting(),
                                limits.rowGroupBytes(),
                                limits.rowGroupRows(),
                                limits.rows()),
                        ingest.checksums(),
                        ingest.maxRefused(),
                        ingest.maxWidenBytes()),
                listener);
    }

    /** On which a run takes the lease for ingests that is none. */
    public LeasedRun.Terms ingestTerms() {
        return terms(Activity.INGEST, configuration.ingest().lease(), Optional.empty());
    }

    /** Of lake files that an ingest may write anew for a wider type. */
    public long maxWidenBytes() {
        return configuration.ingest().maxWidenBytes();
    }

    /** Where rows of a dataset are written anew that gets a wider type. */
    public RewritePlace rewritePlace(Contract contract) {
        return new RewritePlace(
                lakeData(),
                contract.files().targetFileBytes(configuration.compact().targetFileBytes()));
    }

    /** As {@link #quarantine(LakeSession, Optional)}, of runs by themselves. */
    public Quarantine quarantine(LakeSession session) {
        return quarantine(session, Optional.empty());
    }

    /** What is decided on refused files; dropping them takes a user who may delete from the staging area. */
    public Quarantine quarantine(LakeSession session, Optional<Execution> execution) {
        return new Quarantine(new IngestEnvironment(
                session,
                staging(),
                lakeData(),
                terms(Activity.INGEST, configuration.ingest().lease(), execution)));
    }

    /** From when on a staged file waits for longer than it does for good reasons, where an ingest runs every minute. */
    public Duration lateAfter() {
        Configuration.Ingest ingest = configuration.ingest();
        return ingest.lease().multipliedBy(2).plus(ingest.settle());
    }

    public Audit audit(LakeSession session) {
        return new Audit(session, staging());
    }

    /** A session for compactions: its engine takes no more memory than they may. */
    public LakeSession compactSession() {
        return session(sessionOptions(SessionOptions.Access.WRITE)
                .withMemory(configuration.compact().budget().memoryBytes()));
    }

    /** Of runs by themselves. */
    public Compactor compactor(LakeSession session, MergePolicy.Extent extent) {
        return compactor(session, extent, Optional.empty());
    }

    /**
     * As {@link #compactor(LakeSession, MergePolicy.Extent)}, of an execution.
     *
     * @param execution that its runs belong to
     */
    public Compactor compactor(LakeSession session, MergePolicy.Extent extent, Optional<Execution> execution) {
        Configuration.CompactBudget budget = configuration.compact().budget();
        return new Compactor(
                new CompactEnvironment(
                        session,
                        lakeData(),
                        terms(Activity.COMPACT, configuration.compact().lease(), execution)),
                new MergePolicy(
                        configuration.compact().targetFileBytes(),
                        configuration.compact().quiet(),
                        extent),
                new Budget(budget.maxBytes(), budget.maxFiles(), budget.maxTime()));
    }

    public SnapshotExpiry expiry(LakeSession session) {
        Configuration.Compact compact = configuration.compact();
        SnapshotRetention retention =
                new SnapshotRetention(compact.keepSnapshots(), compact.maxSnapshots(), compact.grace());
        return new SnapshotExpiry(session, retention, clock, CommitRetry.STANDARD);
    }

    public OrphanRemoval orphanRemoval(LakeSession session, OrphanSettings settings, Optional<Execution> execution) {
        return new OrphanRemoval(
                new CompactEnvironment(
                        session,
                        lakeData(),
                        terms(Activity.COMPACT, configuration.compact().lease(), execution)),
                settings);
    }

    /** How the configuration has orphans removed. */
    public OrphanSettings orphanSettings() {
        Configuration.Orphans orphans = configuration.compact().orphans();
        return new OrphanSettings(orphans.age(), orphans.maxSharePercent(), orphans.every());
    }

    public Pinning pinning(LakeSession session) {
        return new Pinning(session, worker, clock, CommitRetry.STANDARD);
    }

    public StagingSweep sweep(LakeSession session) {
        return new StagingSweep(session, staging(), configuration.ingest().retainStaged(), clock);
    }

    /** The lake files, whose place has to be there. */
    public ObjectStore lakeData() {
        return stores.open(configuration.lake().data());
    }

    /** One execution of a command, which records the runs that it comes to. */
    public Execution execution(String activity, Execution.Shape shape) {
        return new Execution(activity, shape, worker, clock, CommitRetry.STANDARD);
    }

    public RunRetention runRetention(LakeSession session) {
        return new RunRetention(session, configuration.keepRuns(), CommitRetry.STANDARD);
    }

    private LeasedRun.Terms terms(Activity activity, Duration lease, Optional<Execution> execution) {
        return new LeasedRun.Terms(activity, worker, lease, clock, CommitRetry.STANDARD, execution, transactions);
    }

    /** This workspace as one end of a migration. */
    public MigrationPlace place(LakeSession session) {
        return new MigrationPlace(
                session,
                staging(),
                lakeData(),
                terms(Activity.INGEST, configuration.ingest().lease(), Optional.empty()),
                terms(Activity.COMPACT, configuration.compact().lease(), Optional.empty()));
    }

    @Override
    public void close() {
        stores.close();
    }
}
