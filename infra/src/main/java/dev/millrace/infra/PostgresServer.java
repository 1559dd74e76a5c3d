package dev.millrace.infra;

import java.util.Map;

/**
 * How to reach PostgreSQL.
 *
 * @param database the catalog's, in which the roles have their rights
 * @param admin the superuser
 */
public record PostgresServer(String host, int port, String database, Login admin, Map<Role, Login> roles) {
    public PostgresServer {
        roles = Map.copyOf(roles);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /** The login of a role; this throws an IllegalArgumentException if the server has none. */
    public Login login(Role role) {
        return Logins.of(role, roles, host + ":" + port);
    }

    /** The JDBC address of a database of this server, without user and password. */
    public String jdbcUrl(String ofDatabase) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + ofDatabase;
    }
}
