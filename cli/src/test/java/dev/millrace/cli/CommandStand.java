package dev.millrace.cli;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.Role;
import dev.millrace.lake.Catalog;
import dev.millrace.lake.LakeStand;
import dev.millrace.lake.PostgresAddress;
import dev.millrace.storage.S3Credentials;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.StoreStand;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment in which a command that works in a test's folder finds the places of this run's stand. */
final class CommandStand {
    private CommandStand() {}

    /** Empty where the folder itself is the place. */
    static Map<String, String> environment(Path folder) {
        Map<String, String> environment = new LinkedHashMap<>();
        if (!StoreStand.current().isServed()) {
            return environment;
        }
        S3Endpoint endpoint = StoreStand.current().connection().endpoint();
        S3Credentials keys = StoreStand.current().connection().credentials();
        environment.put(
                "MILLRACE_STAGING",
                StoreStand.current().store(folder, "staging").root());
        environment.put("MILLRACE_LAKE_DATA", LakeStand.data(folder).root());
        environment.put("MILLRACE_S3_ENDPOINT", endpoint.address().toString());
        environment.put("MILLRACE_S3_REGION", endpoint.region());
        environment.put("AWS_ACCESS_KEY_ID", keys.accessKeyId());
        environment.put("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey());
        if (LakeStand.catalog(folder) instanceof Catalog.PostgresCatalog postgres) {
            PostgresAddress address = postgres.address();
            environment.put(
                    "MILLRACE_LAKE_CATALOG",
                    "postgres://" + address.host() + ":" + address.port() + "/" + address.database());
            environment.put("PGUSER", address.user());
            environment.put("PGPASSWORD", address.password().orElseThrow());
        }
        return environment;
    }

    /** What is other in it for a role on MinIO and PostgreSQL; the catalog's database has the rights of the roles then. */
    static Map<String, String> login(Path folder, Role role) {
        Map<String, String> environment = environment(folder);
        LocalServers servers = LocalServers.shared();
        Login keys = servers.minio().login(role);
        Login user = servers.postgres().login(role);
        servers.createDatabase(environment.get("MILLRACE_LAKE_CATALOG").replaceAll(".*/", ""));
        return Map.of(
                "AWS_ACCESS_KEY_ID", keys.name(),
                "AWS_SECRET_ACCESS_KEY", keys.secret(),
                "PGUSER", user.name(),
                "PGPASSWORD", user.secret());
    }
}
