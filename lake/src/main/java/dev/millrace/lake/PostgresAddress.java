package dev.millrace.lake;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A PostgreSQL database and how it is reached. Immutable. Its text never shows the password.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param options libpq's connection options by their names, such as {@code sslmode}; values as libpq takes them
 * @param password absent where the password file (PGPASSFILE of this process, else {@code ~/.pgpass}) is to be asked, or
 *     where none is needed
 */
public record PostgresAddress(
        String host, int port, String database, String user, Map<String, String> options, Optional<String> password) {
    /** What an address looks like, for messages. */
    public static final String FORM =
            "postgres://USER@HOST:PORT/DATABASE?sslmode=…, or 'postgres:' with PGHOST, PGPORT, PGUSER and PGDATABASE";

    private static final Pattern SCHEME = Pattern.compile("^postgres(ql)?:");
    private static final int DEFAULT_PORT = 5432;
    private static final int MAX_PORT = 65_535;
    private static final String PASSWORD_BELONGS =
            "the PostgreSQL password does not belong into the address: give it as"
                    + " PGPASSWORD or in the password file ~/.pgpass";

    /**
     * What holds where nothing else is said. Without the timeouts a server that is gone without a word would be waited for
     * until the system gives up, which takes a quarter of an hour. The engine keeps its transaction open, and idle, for as long
     * as it reads lake files: a server that ends idle transactions would end long reads and merges.
     */
    private static final Map<String, String> DEFAULTS = Map.of(
            "application_name", "millrace",
            "options", "-c idle_in_transaction_session_timeout=0",
            "connect_timeout", "10",
            "keepalives_idle", "30",
            "keepalives_interval", "10",
            "keepalives_count", "3",
            "tcp_user_timeout", "30000");

    public PostgresAddress {
        require(!host.isBlank() && !host.startsWith("/"), "host", host, "a host name; sockets are not supported");
        require(port > 0 && port <= MAX_PORT, "port", port, "1 to " + MAX_PORT);
        require(!database.isBlank(), "database", database, "a name");
        require(!user.isBlank(), "user", user, "a name");
        Map<String, String> sorted = new TreeMap<>(options);
        for (String key : sorted.keySet()) {
            if (key.contains("password")) {
                throw new IllegalArgumentException(PASSWORD_BELONGS);
            }
            if (!PostgresOption.isKnown(key)) {
                throw new IllegalArgumentException("the PostgreSQL connection option '" + key
                        + "' is not known here; known are " + PostgresOption.allKeys());
            }
        }
        options = Map.copyOf(sorted);
    }

    private static void require(boolean holds, String what, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "the PostgreSQL " + what + " can't be '" + value + "' (" + allowed + "); an address is " + FORM);
        }
    }

    /**
     * Reads an address. What it leaves out comes from the variables that libpq reads too, {@code PGHOST} and so on, then
     * from libpq's defaults; the password from {@code PGPASSWORD} only.
     *
     * @param text {@code postgres://user@host:port/database?option=value}, any part of which may be missing; also
     *     {@code postgresql://…}, or {@code postgres:} alone
     * @throws IllegalArgumentException when it is none or holds a password; the message repeats nothing secret
     */
    public static PostgresAddress parse(String text, Map<String, String> environment) {
        URI uri = uri(text);
        Map<String, String> options = new LinkedHashMap<>();
        for (PostgresOption option : PostgresOption.values()) {
            option.variable()
                    .flatMap(variable -> value(environment, variable))
                    .ifPresent(value -> options.put(option.key(), value));
        }
        options.putAll(parameters(uri.getRawQuery()));
        String user = given(uri.getRawUserInfo())
                .or(() -> value(environment, "PGUSER"))
                .orElseGet(() -> System.getProperty("user.name"));
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new PostgresAddress(
                given(withoutBrackets(uri.getHost()))
                        .or(() -> value(environment, "PGHOST"))
                        .orElse("localhost"),
                uri.getPort() >= 0
                        ? uri.getPort()
                        : value(environment, "PGPORT")
                                .map(PostgresAddress::port)
                                .orElse(DEFAULT_PORT),
                given(path.isEmpty() ? path : path.substring(1))
                        .or(() -> value(environment, "PGDATABASE"))
                        .orElse(user),
                user,
                options,
                value(environment, "PGPASSWORD"));
    }

    private static URI uri(String text) {
        String rest = SCHEME.matcher(text).replaceFirst("");
        if (rest.isEmpty() || rest.equals("//")) {
            return URI.create("postgres:///");
        }
        IllegalArgumentException refusal = new IllegalArgumentException("a PostgreSQL address is " + FORM);
        if (rest.equals(text) || !rest.startsWith("//")) {
            throw refusal;
        }
        URI uri;
        try {
            uri = new URI("postgres:" + rest);
        } catch (URISyntaxException e) {
            // Not as its cause: its message repeats the text, which may hold a password.
            throw refusal;
        }
        if (uri.getRawUserInfo() != null && uri.getRawUserInfo().indexOf(':') >= 0) {
            throw new IllegalArgumentException(PASSWORD_BELONGS);
        }
        // What stands elsewhere than where it should may be a piece of a password.
        if ((uri.getRawAuthority() != null && uri.getHost() == null)
                || uri.getRawFragment() != null
                || !uri.getRawPath().matches("(/[^/@]*)?")) {
            throw refusal;
        }
        return uri;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null && !query.isEmpty()) {
            for (String parameter : query.split("&", -1)) {
                int equals = parameter.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("a parameter without a value; a PostgreSQL address is " + FORM);
                }
                parameters.put(parameter.substring(0, equals), decoded(parameter.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static Optional<String> given(String raw) {
        return raw == null || raw.isEmpty() ? Optional.empty() : Optional.of(decoded(raw));
    }

    private static String decoded(String raw) {
        // A plus is a plus in a URI; only forms make a blank of it.
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String withoutBrackets(String host) {
        return host != null && host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("PGPORT is '" + text + "', which is no port number", e);
        }
    }

    private static Optional<String> value(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    /** Host, port, database, user and options as libpq takes them, without the password. */
    String connectionString() {
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(options);
        return "host=" + quoted(host) + " port=" + port + " dbname=" + quoted(database) + " user=" + quoted(user) + " "
                + all.entrySet().stream()
                        .map(option -> option.getKey() + "=" + quoted(option.getValue()))
                        .collect(Collectors.joining(" "));
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9._-]+")
                ? value
                : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** The address for PostgreSQL's JDBC driver; what else it needs is in {@link #jdbcProperties()}. */
    public String jdbcUrl() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "jdbc:postgresql://" + name + ":" + port + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /**
     * User, password and options for PostgreSQL's JDBC driver, which looks into the password file by itself. Not to be shown:
     * it holds the password.
     */
    public Properties jdbcProperties() {
        Map<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(options);
        Properties properties = new Properties();
        properties.setProperty("user", user);
        password.ifPresent(value -> properties.setProperty("password", value));
        for (PostgresOption option : PostgresOption.values()) {
            option.jdbcProperty()
                    .filter(property -> all.containsKey(option.key()))
                    .ifPresent(property -> properties.setProperty(property, all.get(option.key())));
        }
        return properties;
    }

    /** {@code postgres://user@host:port/database}: without the options and the password. */
    @Override
    public String toString() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "postgres://" + user + "@" + name + ":" + port + "/" + database;
    }
}
