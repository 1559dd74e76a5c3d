package dev.millrace.infra;

import java.net.URI;
import java.util.Map;

/**
 * How to reach an S3 server: path-style addresses, plain HTTP. Its buckets are {@code staging} and {@code lake}.
 *
 * @param roles empty where the server has an administrator only
 */
public record ObjectStoreServer(URI endpoint, String region, Login admin, Map<Role, Login> roles) {
    /** The bucket that producers stage into. */
    public static final String STAGING_BUCKET = "staging";

    /** The bucket of the lake's data. */
    public static final String LAKE_BUCKET = "lake";

    public ObjectStoreServer {
        roles = Map.copyOf(roles);
    }

    /** The login of a role; this throws an IllegalArgumentException if the server has none. */
    public Login login(Role role) {
        return Logins.of(role, roles, endpoint);
    }
}
