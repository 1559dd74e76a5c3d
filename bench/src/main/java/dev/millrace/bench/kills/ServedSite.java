package dev.millrace.bench.kills;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.PostgresAddress;
import dev.millrace.lake.S3Access;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.S3Store;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A database of its own on a PostgreSQL, and a prefix of its own in the buckets of a MinIO. Closing it leaves the servers. */
final class ServedSite implements Site {
    private final DatasetMode datasetMode;
    private final Path folder;
    private final String name;
    private final LocalServers servers;
    private final S3Connection connection;
    private final ObjectStore staging;
    private final ObjectStore lakeData;
    private final Clock clock;

    /** @param name of the database, which has to be there, and of the prefix */
    ServedSite(DatasetMode datasetMode, Path folder, String name, LocalServers servers, Clock clock) {
        this.datasetMode = datasetMode;
        this.folder = folder;
        this.name = name;
        this.servers = servers;
        this.clock = clock;
        ObjectStoreServer minio = servers.minio();
        Login admin = minio.admin();
        this.connection = S3Connection.open(
                new S3Endpoint(minio.endpoint(), minio.region(), true),
                Map.of("AWS_ACCESS_KEY_ID", admin.name(), "AWS_SECRET_ACCESS_KEY", admin.secret()));
        this.staging = new S3Store(connection, ObjectStoreServer.STAGING_BUCKET, name);
        this.lakeData = new S3Store(connection, ObjectStoreServer.LAKE_BUCKET, name);
    }

    @Override
    public List<String> arguments() {
        return List.of(Mode.SERVED.name(), datasetMode.name(), folder.toString(), name);
    }

    @Override
    public List<String> jvmArguments() {
        return servers.childArguments();
    }

    @Override
    public DatasetMode datasetMode() {
        return datasetMode;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public ObjectStore staging() {
        return staging;
    }

    @Override
    public ObjectStore lakeData() {
        return lakeData;
    }

    @Override
    public Catalog catalog() {
        PostgresServer postgres = servers.postgres();
        return new Catalog.PostgresCatalog(new PostgresAddress(
                postgres.host(),
                postgres.port(),
                name,
                postgres.admin().name(),
                Map.of(),
                Optional.of(postgres.admin().secret())));
    }

    @Override
    public SessionOptions options(SessionOptions.Access access) {
        return SessionOptions.of(access).withS3(new S3Access(connection.endpoint(), connection::credentials, clock));
    }

    @Override
    public void close() {
        connection.close();
    }
}
