package dev.millrace.bench.concurrency;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.PostgresAddress;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.DirectoryStore;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.S3Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Staging area, lake data and catalog of one run, as one process has opened them. The stores are for many threads. */
final class Site implements AutoCloseable {
    private final Optional<S3Connection> s3;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final Catalog catalog;

    private Site(Optional<S3Connection> s3, ObjectStore staging, ObjectStore lakeData, Catalog catalog) {
        this.s3 = s3;
        this.staging = staging;
        this.lakeData = lakeData;
        this.catalog = catalog;
    }

    /** Opens a site as a process that was started for it does; the servers are those that its command line names. */
    static Site open(SiteAddress address) {
        return address.mode() == Mode.EMBEDDED
                ? embedded(Path.of(address.place()))
                : served(LocalServers.shared(), address.place());
    }

    static Site embedded(Path folder) {
        try {
            Path staging = Files.createDirectories(folder.resolve("staging"));
            Path lakeData = Files.createDirectories(folder.resolve("lake"));
            return new Site(
                    Optional.empty(),
                    new DirectoryStore(staging, Clock.systemUTC()),
                    new DirectoryStore(lakeData, Clock.systemUTC()),
                    new Catalog.SqliteCatalog(folder.resolve("lake.sqlite")));
        } catch (IOException e) {
            throw new UncheckedIOException("the folders of the run can't be made in " + folder, e);
        }
    }

    static Site served(LocalServers servers, String name) {
        S3Connection s3 = connect(servers.minio());
        PostgresServer postgres = servers.postgres();
        return new Site(
                Optional.of(s3),
                new S3Store(s3, ObjectStoreServer.STAGING_BUCKET, name),
                new S3Store(s3, ObjectStoreServer.LAKE_BUCKET, name),
                new Catalog.PostgresCatalog(new PostgresAddress(
                        postgres.host(),
                        postgres.port(),
                        name,
                        postgres.admin().name(),
                        Map.of(),
                        Optional.of(postgres.admin().secret()))));
    }

    private static S3Connection connect(ObjectStoreServer minio) {
        Login admin = minio.admin();
        return S3Connection.open(
                new S3Endpoint(minio.endpoint(), minio.region(), true),
                Map.of("AWS_ACCESS_KEY_ID", admin.name(), "AWS_SECRET_ACCESS_KEY", admin.secret()));
    }

    ObjectStore staging() {
        return staging;
    }

    ObjectStore lakeData() {
        return lakeData;
    }

    Catalog catalog() {
        return catalog;
    }

    /** Present where the stores are on S3. */
    Optional<S3Connection> s3() {
        return s3;
    }

    /** A fresh engine with nothing in its caches. */
    LakeSession session(SessionOptions.Access access) {
        SessionOptions options = SessionOptions.of(access)
                .withReadablePlaces(List.of(staging.root() + "/"))
                .withNotices(notice -> System.err.println("bench: " + notice));
        return LakeSession.open(
                new LakeAddress(catalog, lakeData.root()),
                s3.map(connection -> options.withS3(
                                new S3Access(connection.endpoint(), connection::credentials, Clock.systemUTC())))
                        .orElse(options));
    }

    /** Makes the lake with the pipeline's tables and the table of a dataset. */
    void createLake(Contract contract) {
        try (LakeSession session = session(SessionOptions.Access.CREATE)) {
            PipelineTables.install(session);
            new DatasetContract(session, contract).apply();
        }
    }

    @Override
    public void close() {
        s3.ifPresent(S3Connection::close);
    }
}
