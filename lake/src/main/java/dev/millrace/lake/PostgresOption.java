package dev.millrace.lake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The connection options that may be given: those of libpq that make sense here, and no secret among them. */
enum PostgresOption {
    SSLMODE("PGSSLMODE", "sslmode"),
    SSLROOTCERT("PGSSLROOTCERT", "sslrootcert"),
    SSLCERT("PGSSLCERT", "sslcert"),
    SSLKEY("PGSSLKEY", "sslkey"),
    SSLCRL("PGSSLCRL", null),
    SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION", null),
    CHANNEL_BINDING("PGCHANNELBINDING", "channelBinding"),
    GSSENCMODE("PGGSSENCMODE", "gssEncMode"),
    APPLICATION_NAME("PGAPPNAME", "ApplicationName"),
    OPTIONS("PGOPTIONS", "options"),
    TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS", null),
    CONNECT_TIMEOUT("PGCONNECT_TIMEOUT", "connectTimeout"),
    KEEPALIVES(null, null),
    KEEPALIVES_IDLE(null, null),
    KEEPALIVES_INTERVAL(null, null),
    KEEPALIVES_COUNT(null, null),
    TCP_USER_TIMEOUT(null, null);

    private final String variable;
    private final String jdbcProperty;

    PostgresOption(String variable, String jdbcProperty) {
        this.variable = variable;
        this.jdbcProperty = jdbcProperty;
    }

    /** The name in an address and in libpq's connection string. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The environment variable that libpq reads it from. */
    Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    /** The property of the JDBC driver that means the same. */
    Optional<String> jdbcProperty() {
        return Optional.ofNullable(jdbcProperty);
    }

    static boolean isKnown(String key) {
        return Arrays.stream(values()).anyMatch(option -> option.key().equals(key));
    }

    static String allKeys() {
        return Arrays.stream(values()).map(PostgresOption::key).collect(Collectors.joining(", "));
    }
}
