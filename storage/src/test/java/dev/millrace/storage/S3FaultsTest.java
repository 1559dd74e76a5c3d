package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.Server;
import dev.millrace.infra.TcpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Proves with keys that may do nothing but put, on MinIO behind a bad network or while it is ended and started, that what was
 * acknowledged is there whole and once.
 */
@Tag("slow")
class S3FaultsTest {
    private static final int WRITERS = 4;
    private static final Duration LATENCY = Duration.ofMillis(300);
    private static final Duration POLL = Duration.ofMillis(10);

    @TempDir
    private Path folder;

    private final StoreStand stand = StoreStand.SERVED;
    private final String dataset = "faults" + UUID.randomUUID().toString().substring(0, 8);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TcpProxy proxy;
    private S3Connection connection;
    private S3Store producer;
    private S3Store everybody;

    @BeforeEach
    void open() throws IOException {
        URI minio = stand.connection().endpoint().address();
        proxy = TcpProxy.to(minio.getHost(), minio.getPort());
        Login keys = LocalServers.shared().producer(dataset);
        connection = S3Connection.open(
                new S3Endpoint(URI.create("http://127.0.0.1:" + proxy.port()), "us-east-1", true),
                Map.of(S3KeyChain.ACCESS_KEY, keys.name(), S3KeyChain.SECRET_KEY, keys.secret()));
        producer = new S3Store(connection, "staging", "", folder, Clock.systemUTC());
        everybody = new S3Store(stand.connection(), "staging", "");
    }

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        connection.close();
        proxy.close();
    }

    @Test
    void aProducersKeysMayPutAndNothingElse() throws IOException {
        String key = key();
        assertThat(producer.putIfAbsent(key, spool("content"))).isEqualTo(PutOutcome.CREATED);

        assertThatThrownBy(() -> producer.find(key)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> producer.open(key)).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> producer.list(dataset + "/", page -> {})).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> producer.delete(List.of(key)))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(key, "s3:DeleteObject");
        Path same = spool("content");
        assertThatThrownBy(() -> producer.putIfAbsent(key, same))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(key, "is taken");
        assertThatThrownBy(() -> producer.putIfAbsent("other/p/1.parquet", spool("x")))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll("other/p/1.parquet", "s3:PutObject");
        assertThat(text(key)).isEqualTo("content");
    }

    @Test
    void aPutWhoseAnswerIsLostIsDone() throws Exception {
        String key = key();

        assertThat(putWithLostAnswer(key, spool("content"))).isEqualTo(PutOutcome.ALREADY_THERE);

        assertThat(text(key)).isEqualTo("content");
        assertThat(below(dataset)).containsExactly(key);
    }

    @Test
    void aLargePutWhoseAnswerIsLostIsDone() throws Exception {
        String key = key();

        assertThat(putWithLostAnswer(key, large())).isEqualTo(PutOutcome.ALREADY_THERE);

        assertThat(below(dataset)).containsExactly(key);
    }

    @Test
    void aLargePutThatIsInterruptedLeavesNothing() throws Exception {
        String key = key();
        proxy.delay(LATENCY);
        Path content = large();
        Future<PutOutcome> put = threads.submit(() -> producer.putIfAbsent(key, content));
        await().atMost(Duration.ofMinutes(1)).until(() -> partsOf(key) > 0);

        proxy.delay(Duration.ZERO);
        threads.shutdownNow();

        assertThatThrownBy(put::get).hasMessageContainingAll(key, "interrupted").satisfies(failure -> assertThat(
                        failure.getCause().getCause().getSuppressed())
                .isEmpty());
        assertThat(content).exists();
        await().until(() -> below(dataset).isEmpty());
    }

    @Test
    void connectionsThatBreakAllTheTimeLoseNothing() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        List<Future<Void>> writers = write(100, acknowledged);
        while (acknowledged.size() < WRITERS * 100) {
            proxy.resetConnections();
            int some = Math.min(acknowledged.size() + 5, WRITERS * 100);
            await().pollInterval(POLL).until(() -> acknowledged.size() >= some);
        }

        assertAllThere(writers, acknowledged, 100);
    }

    @Test
    void latencyAndRefusedConnectionsLoseNothing() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        proxy.delay(Duration.ofMillis(20));
        List<Future<Void>> writers = write(50, acknowledged);
        for (int times = 1; times <= 3; times++) {
            int some = acknowledged.size() + 10;
            await().pollInterval(POLL).until(() -> acknowledged.size() >= some);
            proxy.refuseConnections(true);
            proxy.resetConnections();
            int stopped = acknowledged.size();
            await().during(Duration.ofMillis(500)).until(() -> acknowledged.size() <= stopped + WRITERS);
            proxy.refuseConnections(false);
        }

        assertAllThere(writers, acknowledged, 50);
    }

    @Test
    void aServerThatIsStoppedKilledStartedAndPausedLosesNothing() throws Exception {
        LocalServers servers = LocalServers.shared();
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        List<Future<Void>> writers = write(300, acknowledged);
        await().until(() -> acknowledged.size() >= 50);
        servers.stop(Server.MINIO);
        servers.start(Server.MINIO);
        int some = acknowledged.size() + 50;
        await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() >= some);
        servers.kill(Server.MINIO);
        servers.start(Server.MINIO);
        servers.pause(Server.MINIO);
        int paused = acknowledged.size();
        await().during(Duration.ofSeconds(1)).until(() -> acknowledged.size() <= paused + WRITERS);
        servers.resume(Server.MINIO);

        assertAllThere(writers, acknowledged, 300);
    }

    /** Each writer puts so many objects, and repeats each until it is acknowledged. */
    private List<Future<Void>> write(int objects, Map<String, String> acknowledged) {
        List<Future<Void>> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            Callable<Void> writer = () -> {
                for (int i = 0; i < objects; i++) {
                    String key = key();
                    Path spool = spool("content of " + key);
                    while (!acknowledged.containsKey(key)) {
                        try {
                            producer.putIfAbsent(key, spool);
                            acknowledged.put(key, "content of " + key);
                        } catch (KeyConflictException | AccessDeniedException e) {
                            throw e;
                        } catch (StorageException e) {
                            assertThat(spool).exists();
                        }
                    }
                }
                return null;
            };
            writers.add(threads.submit(writer));
        }
        return writers;
    }

    private void assertAllThere(List<Future<Void>> writers, Map<String, String> acknowledged, int objects)
            throws Exception {
        for (Future<Void> writer : writers) {
            writer.get();
        }
        assertThat(acknowledged).hasSize(WRITERS * objects);
        assertThat(below(dataset)).containsExactlyInAnyOrderElementsOf(acknowledged.keySet());
        for (Map.Entry<String, String> object : acknowledged.entrySet()) {
            assertThat(text(object.getKey())).isEqualTo(object.getValue());
        }
        try (var left = Files.walk(folder)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    /** The answer is on its way for so long that it can be cut off once the object is seen. */
    private PutOutcome putWithLostAnswer(String key, Path content) throws Exception {
        proxy.delay(LATENCY);
        Future<PutOutcome> put = threads.submit(() -> producer.putIfAbsent(key, content));
        await().pollInterval(POLL)
                .atMost(Duration.ofMinutes(1))
                .until(() -> everybody.find(key).isPresent());
        proxy.resetConnections();
        proxy.delay(Duration.ZERO);
        return put.get();
    }

    private long partsOf(String key) {
        S3Client client = stand.connection().client();
        return client.listMultipartUploads(r -> r.bucket("staging").prefix(key)).uploads().stream()
                .mapToLong(upload -> client.listParts(
                                r -> r.bucket("staging").key(key).uploadId(upload.uploadId()))
                        .parts()
                        .size())
                .sum();
    }

    private List<String> below(String prefix) throws IOException {
        return stand.everything(everybody).stream()
                .filter(key -> key.startsWith(prefix + "/"))
                .toList();
    }

    private String key() {
        return dataset + "/p1/" + UUID.randomUUID() + ".parquet";
    }

    private Path spool(String content) throws IOException {
        return Files.writeString(producer.newSpoolFile("a"), content);
    }

    private Path large() throws IOException {
        Path file = producer.newSpoolFile("a");
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(S3Put.MULTIPART_FROM_BYTES + 1);
        }
        return file;
    }

    private String text(String key) throws IOException {
        try (InputStream in = everybody.open(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
