package dev.millrace.bench;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Server;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.DatasetContract;
import dev.millrace.lake.LakeAddress;
import dev.millrace.lake.LakeSession;
import dev.millrace.lake.PipelineTables;
import dev.millrace.lake.PostgresAddress;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.schemas.Contract;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.S3Store;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MinIO and PostgreSQL of a benchmark's own, with a lake on them. The stores are for many threads, a session is for one. */
final class Stand implements AutoCloseable {
    private final LocalServers servers;
    private final S3Connection connection;
    private final ObjectStore staging;
    private final ObjectStore lakeData;

    private Stand(LocalServers servers, S3Connection connection) {
        this.servers = servers;
        this.connection = connection;
        this.staging = new S3Store(connection, ObjectStoreServer.STAGING_BUCKET, "");
        this.lakeData = new S3Store(connection, ObjectStoreServer.LAKE_BUCKET, "");
    }

    /** Starts the servers and makes the lake. */
    static Stand start() {
        LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES));
        try {
            Stand stand = new Stand(servers, connect(servers.minio()));
            try (LakeSession session = stand.session(SessionOptions.Access.CREATE)) {
                PipelineTables.install(session);
            }
            return stand;
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
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

    S3Connection connection() {
        return connection;
    }

    Catalog.PostgresCatalog catalog() {
        PostgresServer postgres = servers.postgres();
        return new Catalog.PostgresCatalog(new PostgresAddress(
                postgres.host(),
                postgres.port(),
                postgres.database(),
                postgres.admin().name(),
                Map.of(),
                Optional.of(postgres.admin().secret())));
    }

    /** A fresh engine with nothing in its caches. */
    LakeSession session(SessionOptions.Access access) {
        return LakeSession.open(
                new LakeAddress(catalog(), lakeData.root()),
                SessionOptions.of(access)
                        .withReadablePlaces(List.of(staging.root() + "/"))
                        .withNotices(notice -> System.err.println("bench: " + notice))
                        .withS3(new S3Access(connection.endpoint(), connection::credentials, Clock.systemUTC())));
    }

    /** Makes the lake's table of a dataset. */
    void create(Contract contract) {
        try (LakeSession session = session(SessionOptions.Access.WRITE)) {
            new DatasetContract(session, contract).apply();
        }
    }

    @Override
    public void close() {
        connection.close();
        servers.close();
    }
}
