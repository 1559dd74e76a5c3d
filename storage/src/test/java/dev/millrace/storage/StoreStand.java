package dev.millrace.storage;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The kind of store that the tests of this run use, by the system property {@value #PROPERTY}: the same test classes run on
 * each kind. Servers start at the first use and end with the JVM. Thread-safe.
 */
public enum StoreStand {
    /** Directories. */
    EMBEDDED,
    /** MinIO. */
    SERVED,
    /** Another S3 server. */
    SEAWEEDFS;

    /** Names the stand; the default is {@code embedded}. */
    public static final String PROPERTY = "millrace.test.stand";

    private static final String SCHEME = "s3://";
    private static final int PREFIX_DIGITS = 16;
    /** Where the stores of S3 build what they put, by their roots. */
    private static final Map<String, Path> SPOOLS = new ConcurrentHashMap<>();

    private static final Map<String, Boolean> BUCKETS = new ConcurrentHashMap<>();

    /** The stand of this run. */
    public static StoreStand current() {
        String name = System.getProperty(PROPERTY, "embedded");
        return Arrays.stream(values())
                .filter(stand -> stand.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        PROPERTY + " is '" + name + "'; use embedded, served or seaweedfs"));
    }

    /** Whether its stores are on a server, and {@link #connection()} reaches it. */
    public boolean isServed() {
        return this != EMBEDDED;
    }

    /** What a child JVM needs on its command line to find the same stores. */
    public List<String> childArguments() {
        List<String> arguments = new ArrayList<>(List.of("-D" + PROPERTY + "=" + id()));
        if (isServed()) {
            arguments.addAll(servers().childArguments());
        }
        return arguments;
    }

    /** The store of a name that belongs to a folder; the same one for the same arguments, also in another process. */
    public ObjectStore store(Path folder, String name) {
        return store(folder, name, Clock.systemUTC());
    }

    /** As {@link #store(Path, String)}, with a clock that tells the age of abandoned puts. */
    public ObjectStore store(Path folder, String name, Clock clock) {
        if (this == EMBEDDED) {
            return new DirectoryStore(
                    Path.of(DirectoryStore.create(folder.resolve(name)).root()), clock);
        }
        makeBucket(name);
        S3Store store = new S3Store(connection(), name, prefix(folder), made(folder), clock);
        SPOOLS.put(store.root(), folder);
        return store;
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The administrator's connection to the server, shared by all tests. */
    public S3Connection connection() {
        return switch (this) {
            case EMBEDDED -> throw new IllegalStateException("directories have no connection");
            case SERVED -> Minio.CONNECTION;
            case SEAWEEDFS -> Seaweed.CONNECTION;
        };
    }

    /** A connection to the same server with other keys. The caller closes it. */
    public S3Connection connectAs(String accessKey, String secretKey) {
        return S3Connection.open(
                connection().endpoint(), Map.of(S3KeyChain.ACCESS_KEY, accessKey, S3KeyChain.SECRET_KEY, secretKey));
    }

    /** Writes as another program would, under any key, past the rules of the store. */
    public void write(ObjectStore store, String key, String content) throws IOException {
        write(store, key, content.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #write(ObjectStore, String, String)}. */
    public void write(ObjectStore store, String key, byte[] content) throws IOException {
        if (this == EMBEDDED) {
            Path file = Path.of(store.root(), key);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } else {
            client().putObject(r -> r.bucket(bucket(store)).key(prefix(store) + key), RequestBody.fromBytes(content));
        }
    }

    /** Deletes as another program would. */
    public void remove(ObjectStore store, String key) throws IOException {
        if (this == EMBEDDED) {
            Files.delete(Path.of(store.root(), key));
        } else {
            client().deleteObject(r -> r.bucket(bucket(store)).key(prefix(store) + key));
        }
    }

    /** The keys of all that is there, hidden or in flight or still in the spool as well, in order. */
    public List<String> everything(ObjectStore store) throws IOException {
        if (this == EMBEDDED) {
            return filesBelow(Path.of(store.root())).sorted().toList();
        }
        String prefix = prefix(store);
        Stream<String> objects = client()
                .listObjectsV2Paginator(
                        r -> r.bucket(bucket(store)).prefix(prefix).encodingType(S3Listing.KEYS))
                .contents()
                .stream()
                .map(S3Object::key);
        Stream<String> uploads = client().listMultipartUploads(r -> r.bucket(bucket(store))).uploads().stream()
                .map(upload -> upload.key() + " (upload)");
        Stream<String> inBucket = Stream.concat(objects, uploads)
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()));
        Path spool = SPOOLS.get(store.root());
        Stream<String> inSpool =
                spool == null ? Stream.of() : filesBelow(spool).filter(file -> file.contains(".spool-"));
        return Stream.concat(inBucket, inSpool).sorted().toList();
    }

    private static Stream<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList()
                    .stream();
        }
    }

    private String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    private S3Client client() {
        return connection().client();
    }

    private LocalServers servers() {
        return this == SEAWEEDFS ? Seaweed.SERVERS : Minio.SERVERS;
    }

    private void makeBucket(String name) {
        BUCKETS.computeIfAbsent(id() + "/" + name, key -> {
            boolean there = client().listBuckets().buckets().stream()
                    .anyMatch(bucket -> bucket.name().equals(name));
            if (!there) {
                client().createBucket(r -> r.bucket(name));
            }
            return true;
        });
    }

    private static String bucket(ObjectStore store) {
        return store.root().substring(SCHEME.length()).split("/", 2)[0];
    }

    private static String prefix(ObjectStore store) {
        String place = store.root().substring(SCHEME.length());
        return place.contains("/") ? place.split("/", 2)[1] + "/" : "";
    }

    private static String prefix(Path folder) {
        try {
            byte[] name = folder.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name);
            return "test-" + HexFormat.of().formatHex(hash).substring(0, PREFIX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static S3Connection connect(ObjectStoreServer server) {
        return new S3Connection(
                new S3Endpoint(server.endpoint(), server.region(), true),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        server.admin().name(), server.admin().secret())));
    }

    private static final class Minio {
        static final LocalServers SERVERS = LocalServers.shared();
        static final S3Connection CONNECTION = connect(SERVERS.minio());
    }

    private static final class Seaweed {
        static final LocalServers SERVERS = servers();
        static final S3Connection CONNECTION = connect(SERVERS.objectStore(Server.SEAWEEDFS));

        private static LocalServers servers() {
            String running = System.getProperty(LocalServers.PROPERTY);
            if (running != null) {
                return LocalServers.running(Path.of(running));
            }
            LocalServers servers = LocalServers.start(Set.of(Server.SEAWEEDFS));
            Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "stop-seaweedfs"));
            return servers;
        }
    }
}
