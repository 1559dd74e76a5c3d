package dev.millrace.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.Login;
import dev.millrace.infra.Server;
import dev.millrace.infra.TcpProxy;
import dev.millrace.schemas.Contract;
import dev.millrace.schemas.DatasetName;
import dev.millrace.schemas.EvolutionPolicy;
import dev.millrace.schemas.ProducerId;
import dev.millrace.schemas.WriteMode;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.S3Connection;
import dev.millrace.storage.S3Endpoint;
import dev.millrace.storage.S3Store;
import dev.millrace.storage.StorageException;
import dev.millrace.storage.StoreStand;
import dev.millrace.storage.StoredObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proves that producers whose keys allow puts into their own dataset and nothing else stage every row once, on MinIO behind a
 * network that breaks, and while MinIO is ended and started.
 */
@Tag("slow")
class ProducersOnS3Test {
    private static final int PRODUCERS = 4;
    private static final int ROWS = 2_000;
    private static final RollPolicy SMALL_FILES = new RollPolicy(20, Long.MAX_VALUE, Duration.ofHours(1));
    private static final Duration POLL = Duration.ofMillis(10);

    private final ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
    private final AtomicInteger published = new AtomicInteger();
    private final Contract contract = new Contract(
            DatasetName.parse("readings_" + UUID.randomUUID().toString().substring(0, 8)),
            Readings.CONTRACT.schema(),
            List.of(),
            List.of("at"),
            WriteMode.APPEND,
            EvolutionPolicy.ADD_COLUMNS);
    private TcpProxy proxy;
    private S3Connection connection;

    @BeforeEach
    void open() throws IOException {
        URI minio = LocalServers.shared().minio().endpoint();
        proxy = TcpProxy.to(minio.getHost(), minio.getPort());
        Login keys = LocalServers.shared().producer(contract.dataset().toString());
        connection = S3Connection.open(
                new S3Endpoint(URI.create("http://127.0.0.1:" + proxy.port()), "us-east-1", true),
                Map.of("AWS_ACCESS_KEY_ID", keys.name(), "AWS_SECRET_ACCESS_KEY", keys.secret()));
    }

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        connection.close();
        proxy.close();
    }

    @Test
    void connectionsThatBreakLoseAndDoubleNoRow() throws Exception {
        List<Future<Long>> producers = produce();
        for (int files = 10; files < 300; files += 10) {
            int some = files;
            await().pollInterval(POLL).atMost(Duration.ofMinutes(1)).until(() -> published.get() >= some);
            proxy.resetConnections();
        }

        assertEveryRowOnce(producers);
    }

    @Test
    void aServerThatIsStoppedAndKilledAndStartedLosesAndDoublesNoRow() throws Exception {
        LocalServers servers = LocalServers.shared();
        List<Future<Long>> producers = produce();
        await().until(() -> published.get() >= 50);
        servers.stop(Server.MINIO);
        servers.start(Server.MINIO);
        int some = published.get() + 50;
        await().atMost(Duration.ofMinutes(1)).until(() -> published.get() >= some);
        servers.kill(Server.MINIO);
        servers.start(Server.MINIO);

        assertEveryRowOnce(producers);
    }

    private List<Future<Long>> produce() {
        ObjectStore staging = new S3Store(connection, "staging", "");
        return IntStream.range(0, PRODUCERS)
                .mapToObj(p -> threads.submit(() -> {
                    StagingWriter<GenericRecord> writer = StagingWriter.open(
                            staging,
                            contract,
                            new ProducerId("p" + p),
                            StagingWriterOptions.defaults().withRoll(SMALL_FILES));
                    for (int row = p * ROWS; row < (p + 1) * ROWS; row++) {
                        write(writer, row);
                    }
                    repeated(writer::close);
                    return writer.rowsWritten();
                }))
                .toList();
    }

    private void write(StagingWriter<GenericRecord> writer, int number) {
        int before = writer.staged().size();
        try {
            writer.write(Readings.row(number));
        } catch (StorageException e) {
            // The row is taken, and its file is published with the next one.
        }
        published.addAndGet(writer.staged().size() - before);
    }

    private static void repeated(Runnable close) {
        for (int attempt = 1; ; attempt++) {
            try {
                close.run();
                return;
            } catch (StorageException e) {
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private void assertEveryRowOnce(List<Future<Long>> producers) throws Exception {
        for (Future<Long> producer : producers) {
            assertThat(producer.get()).isEqualTo(ROWS);
        }
        ObjectStore everything = new S3Store(StoreStand.SERVED.connection(), "staging", "");
        List<String> keys = new ArrayList<>();
        everything.list(
                contract.dataset() + "/",
                page -> page.stream().map(StoredObject::key).forEach(keys::add));
        List<String> sensors = new ArrayList<>();
        for (String key : keys) {
            Readings.read(everything, key)
                    .forEach(row -> sensors.add(row.get("sensor").toString()));
        }
        assertThat(sensors).hasSize(PRODUCERS * ROWS).doesNotHaveDuplicates();
    }
}
