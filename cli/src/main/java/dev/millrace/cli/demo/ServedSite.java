package dev.millrace.cli.demo;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import dev.millrace.infra.Role;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * An object store and a PostgreSQL of the demo's own, with their data in its folder, and a role of least privilege for each part. The
 * servers end with this, also when the process is killed.
 */
public final class ServedSite implements DemoSite {
    private static final int MAX_BATCH_PARTITIONS = 4;
    private static final Map<DemoPart, Role> ROLES = Map.of(
            DemoPart.INGESTER, Role.INGESTER,
            DemoPart.CLEANER, Role.CLEANER,
            DemoPart.READER, Role.ANALYST);

    private final DemoFolder folder;
    private final Server objectStore;
    private final LocalServers servers;

    private ServedSite(DemoFolder folder, Server objectStore, LocalServers servers) {
        this.folder = folder;
        this.objectStore = objectStore;
        this.servers = servers;
    }

    /**
     * Starts the servers and waits until they answer.
     *
     * @param objectStore MinIO, or SeaweedFS, which has no roles: there all parts have the same keys
     * @throws dev.millrace.infra.ServerException when one does not start
     */
    public static ServedSite start(Path folder, DemoDays days, Server objectStore) throws IOException {
        DemoFolder demo = DemoFolder.open(folder, days);
        LocalServers servers = LocalServers.start(EnumSet.of(objectStore, Server.POSTGRES), serversFolder(demo));
        try {
            ServedSite site = new ServedSite(demo, objectStore, servers);
            demo.write(site.configuration(), MAX_BATCH_PARTITIONS);
            return site;
        } catch (RuntimeException | IOException e) {
            servers.close();
            throw e;
        }
    }

    private static Path serversFolder(DemoFolder folder) {
        return folder.folder().resolve("servers");
    }

    private String configuration() {
        ObjectStoreServer store = servers.objectStore(objectStore);
        PostgresServer postgres = servers.postgres();
        return """
                staging: s3://%s
                lake:
                  catalog: postgres://%s:%d/%s
                  data: s3://%s
                contracts: ./contracts
                s3: {endpoint: "%s", region: %s}
                """.formatted(
                        ObjectStoreServer.STAGING_BUCKET,
                        postgres.host(),
                        postgres.port(),
                        postgres.database(),
                        ObjectStoreServer.LAKE_BUCKET,
                        store.endpoint(),
                        store.region());
    }

    @Override
    public DemoFolder folder() {
        return folder;
    }

    @Override
    public Map<String, String> environment(DemoPart part) {
        if (part == DemoPart.PRODUCER) {
            Login keys = objectStore == Server.MINIO
                    ? servers.producer(FlightsSource.DATASET)
                    : servers.objectStore(objectStore).admin();
            return Map.of("AWS_ACCESS_KEY_ID", keys.name(), "AWS_SECRET_ACCESS_KEY", keys.secret());
        }
        Login keys = keys(ROLES.get(part));
        Login user = servers.postgres().login(ROLES.get(part));
        return Map.of(
                "AWS_ACCESS_KEY_ID", keys.name(),
                "AWS_SECRET_ACCESS_KEY", keys.secret(),
                "PGUSER", user.name(),
                "PGPASSWORD", user.secret());
    }

    private Login keys(Role role) {
        ObjectStoreServer store = servers.objectStore(objectStore);
        return store.roles().isEmpty() ? store.admin() : store.login(role);
    }

    /** The servers take their part of the same cores, most of it for the puts. */
    @Override
    public Duration year() {
        return Duration.ofSeconds(40);
    }

    @Override
    public List<String> attachStatements() {
        ObjectStoreServer store = servers.objectStore(objectStore);
        PostgresServer postgres = servers.postgres();
        return List.of(
                "INSTALL ducklake; INSTALL postgres; INSTALL httpfs;",
                "CREATE SECRET (TYPE s3, KEY_ID '" + keys(Role.ANALYST).name() + "', SECRET '…', ENDPOINT '"
                        + store.endpoint().getAuthority() + "', URL_STYLE 'path', USE_SSL false);",
                "ATTACH 'ducklake:postgres:host=" + postgres.host() + " port=" + postgres.port() + " dbname="
                        + postgres.database() + " user="
                        + postgres.login(Role.ANALYST).name() + "' AS lake (READ_ONLY);");
    }

    @Override
    public List<String> lookAround() {
        return List.of(
                "infra/local/start --dir " + serversFolder(folder),
                ". " + serversFolder(folder).resolve("env/ingester"),
                DemoSite.statusCommand(folder.configurationFile()),
                "infra/local/stop --dir " + serversFolder(folder));
    }

    @Override
    public void close() {
        servers.close();
    }
}
