package dev.millrace.cli.pipeline;

import dev.millrace.cli.config.CatalogAddress;
import dev.millrace.cli.config.Configuration;
import dev.millrace.cli.config.StorageAddress;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.lake.TransactionListener;
import dev.millrace.lake.Worker;
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

    /** Of lake files that an ingest may write anew for a wider type. */
    public long maxWidenBytes() {
        return configuration.ingest().maxWidenBytes();
    }

    /** From when on a staged file waits for longer than it does for good reasons, where an ingest runs every minute. */
    public Duration lateAfter() {
        Configuration.Ingest ingest = configuration.ingest();
        return ingest.lease().multipliedBy(2).plus(ingest.settle());
    }

    /** A session for compactions: its engine takes no more memory than they may. */
    public LakeSession compactSession() {
        return session(sessionOptions(SessionOptions.Access.WRITE)
                .withMemory(configuration.compact().budget().memoryBytes()));
    }

    /** The lake files, whose place has to be there. */
    public ObjectStore lakeData() {
        return stores.open(configuration.lake().data());
    }

    /** What works on a lake, as the configuration says. */
    public Operations operations() {
        return new Operations(configuration, this, worker, clock, transactions);
    }

    @Override
    public void close() {
        stores.close();
    }
}
