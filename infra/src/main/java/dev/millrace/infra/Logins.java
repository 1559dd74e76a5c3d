package dev.millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/** The logins in the state of the servers. */
final class Logins {
    private Logins() {}

    static Login of(Role role, Map<Role, Login> logins, Object server) {
        Login login = logins.get(role);
        if (login == null) {
            throw new IllegalArgumentException(server + " has no login of role " + role.id());
        }
        return login;
    }

    static Login keys(JsonNode node) {
        return new Login(node.path("accessKey").asText(), node.path("secretKey").asText());
    }

    static Login user(JsonNode node) {
        return new Login(node.path("user").asText(), node.path("password").asText());
    }

    static Map<Role, Login> byRole(JsonNode roles, Function<JsonNode, Login> read) {
        Map<Role, Login> logins = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            if (roles.has(role.id())) {
                logins.put(role, read.apply(roles.get(role.id())));
            }
        }
        return logins;
    }
}
