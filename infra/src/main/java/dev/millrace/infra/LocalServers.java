package dev.millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Servers on loopback with new, empty data, which end with this object or with this JVM, whichever is first, also when the
 * JVM is killed. Thread-safe. Needs {@code python3}; the first start on a machine also needs Go and Maven, and minutes.
 *
 * <p>MinIO has the buckets, policies and users of the roles, PostgreSQL the database {@code lake} with the roles' rights.
 */
public final class LocalServers implements AutoCloseable {
    /** The system property that names the state file of servers that run already. */
    public static final String PROPERTY = "millrace.servers";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Null where another process holds the servers. */
    private final ServerProcess process;

    private final JsonNode state;
    private final Path stateFile;

    private LocalServers(ServerProcess process, JsonNode state, Path stateFile) {
        this.process = process;
        this.state = state;
        this.stateFile = stateFile;
    }

    /**
     * Starts these servers and waits until they answer.
     *
     * @throws ServerException if one does not start; then none is left running
     */
    public static LocalServers start(Set<Server> servers) {
        return start(servers, Optional.empty(), Map.of());
    }

    /**
     * As {@link #start(Set)}, with variables of the servers and of their scripts: {@code MINIO_NOTIFY_…} for where MinIO sends events,
     * {@code MILLRACE_POSTGRES} for which PostgreSQL it is.
     */
    public static LocalServers start(Set<Server> servers, Map<String, String> environment) {
        return start(servers, Optional.empty(), environment);
    }

    /**
     * As {@link #start(Set)}, on the data, ports and secrets that a folder keeps from an earlier time; the folder is made when
     * it is missing, and stays.
     */
    public static LocalServers start(Set<Server> servers, Path folder) {
        return start(servers, Optional.of(folder), Map.of());
    }

    private static LocalServers start(Set<Server> servers, Optional<Path> folder, Map<String, String> environment) {
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no server to start");
        }
        ServerProcess process = ServerProcess.start(EnumSet.copyOf(servers), folder, environment);
        try {
            JsonNode state = process.state();
            return new LocalServers(process, state, Path.of(state.path("file").asText()));
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /**
     * The servers that a state file describes, which another process holds: this object can't stop or start them, and
     * closing it does nothing.
     */
    public static LocalServers running(Path stateFile) {
        return new LocalServers(null, read(stateFile), stateFile);
    }

    /**
     * MinIO and PostgreSQL for all of this JVM: those that {@value #PROPERTY} names, else started at the first call and
     * ended with the JVM. Not to be closed.
     */
    public static LocalServers shared() {
        return Shared.SERVERS;
    }

    /** What a child JVM's command line needs for its {@link #shared()} to be these servers. */
    public List<String> childArguments() {
        return List.of("-D" + PROPERTY + "=" + stateFile);
    }

    /** MinIO. */
    public ObjectStoreServer minio() {
        return objectStore(Server.MINIO);
    }

    /** MinIO or SeaweedFS. */
    public ObjectStoreServer objectStore(Server server) {
        JsonNode node = node(server);
        return new ObjectStoreServer(
                URI.create(node.path("endpoint").asText()),
                node.path("region").asText(),
                Logins.keys(node.path("admin")),
                Logins.byRole(node.path("roles"), Logins::keys));
    }

    /** PostgreSQL. */
    public PostgresServer postgres() {
        JsonNode node = node(Server.POSTGRES);
        return new PostgresServer(
                node.path("host").asText(),
                node.path("port").asInt(),
                node.path("database").asText(),
                Logins.user(node.path("admin")),
                Logins.byRole(node.path("roles"), Logins::user));
    }

    /** The keys on MinIO with which a dataset's producers stage; the user is made at the first call. */
    public Login producer(String dataset) {
        if (process == null) {
            JsonNode keys =
                    read(stateFile).path(Server.MINIO.id()).path("producers").path(dataset);
            if (keys.isMissingNode()) {
                throw new IllegalStateException("no producer of '" + dataset + "' in " + stateFile
                        + ": have it made by the process that holds the servers");
            }
            return Logins.keys(keys);
        }
        return Logins.keys(process.tell("producer " + dataset).path("keys"));
    }

    /** Makes one more database in which the roles have the same rights; it may be there already. */
    public void createDatabase(String name) {
        tell("database " + name);
    }

    /** Has MinIO tell the webhooks of its environment of each new Parquet object of a bucket. */
    public void sendEvents(String bucket) {
        tell("events " + bucket);
    }

    /** Ends a server as its operator would; its port and data stay for {@link #start(Server)}. */
    public void stop(Server server) {
        tell("stop " + server.id());
    }

    /** Starts a server that was stopped or killed, on the same port, and waits until it answers. */
    public void start(Server server) {
        tell("start " + server.id());
    }

    /** Ends a server and all of its processes at once, by SIGKILL. */
    public void kill(Server server) {
        tell("kill " + server.id());
    }

    /** Freezes a server: it answers nothing, and its connections stay open. */
    public void pause(Server server) {
        tell("pause " + server.id());
    }

    /** Lets a frozen server go on. */
    public void resume(Server server) {
        tell("resume " + server.id());
    }

    /** Ends the servers and removes their data, unless a folder was given for it. */
    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    private void tell(String command) {
        if (process == null) {
            throw new IllegalStateException(
                    "'" + command + "': these servers belong to another process, which wrote " + stateFile);
        }
        process.tell(command);
    }

    private JsonNode node(Server server) {
        JsonNode node = state.path(server.id());
        if (node.isMissingNode()) {
            throw new IllegalStateException(server.id() + " was not started");
        }
        return node;
    }

    private static JsonNode read(Path stateFile) {
        try {
            return JSON.readTree(stateFile.toFile());
        } catch (IOException e) {
            throw new ServerException("the state file " + stateFile + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static final class Shared {
        static final LocalServers SERVERS = open();

        private static LocalServers open() {
            String file = System.getProperty(PROPERTY);
            if (file != null && !file.isBlank()) {
                return running(Path.of(file));
            }
            LocalServers servers = start(EnumSet.of(Server.MINIO, Server.POSTGRES));
            Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "stop-local-servers"));
            return servers;
        }
    }
}
