package dev.millrace.ingester;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.LakeSession;
import dev.millrace.lake.SessionOptions;
import dev.millrace.storage.StoreStand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that files whose names carry code are loaded, ignored or quarantined for their names, that no request leaves for anywhere but the
 * configured store, and that nothing outside of staging area and lake is read or written. Of what MinIO takes it lists all but the keys
 * that continue another key; the test holds it to that, so that no other name can be passed over unseen. With
 * {@code -Dmillrace.test.hostile-names=10000} it takes that many.
 */
@Tag("slow")
@Tag("stand")
class HostileNamesTest {
    private static final int NAMES = Integer.getInteger(
            "millrace.test.hostile-names", StoreStand.current().isServed() ? 200 : 500);
    private static final long DECOY_ID = 666_666;
    private static final IngestSettings LARGE_BATCHES =
            new IngestSettings(new BatchLimits(100_000_000, 5_000, 16), 256_000_000, Duration.ZERO);

    @TempDir
    Path folder;

    @Test
    void namesThatCarryCodeDoNothing() throws IOException {
        Pipeline pipeline = Pipeline.initialized(folder);
        byte[] good = taken(pipeline, 7);
        byte[] decoy = taken(pipeline, DECOY_ID);
        StoreStand.current().write(pipeline.staging, "secret/p/decoy.parquet", decoy);
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.write(outside.resolve("decoy.parquet"), decoy);

        AtomicInteger requests = new AtomicInteger();
        try (ServerSocket elsewhere = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread counter = new Thread(() -> count(elsewhere, requests), "elsewhere");
            counter.setDaemon(true);
            counter.start();
            Map<String, HostileKeys.Fate> fates = new HashMap<>();
            String address = pipeline.staging.address("secret/p/decoy.parquet");
            List<String> keys = new HostileKeys(2, "127.0.0.1:" + elsewhere.getLocalPort(), address).next(NAMES);
            keys.addAll(List.of("trips/\"", "trips/\"/below.parquet"));
            List<String> taken = Collections.synchronizedList(new ArrayList<>());
            (StoreStand.current().isServed() ? keys.parallelStream() : keys.stream())
                    .filter(key -> put(pipeline, key, good))
                    .forEach(taken::add);
            List<String> hidden = hidden(taken);
            Set<String> shown = new HashSet<>(taken);
            hidden.forEach(shown::remove);
            Set<String> listed = new HashSet<>(StoreStand.current().everything(pipeline.staging));
            listed.retainAll(taken);
            assertThat(listed).as("what the store lists of what it has taken").isEqualTo(shown);
            assertThat(hidden.isEmpty())
                    .as("a folder is never a file too")
                    .isNotEqualTo(StoreStand.current().isServed());
            shown.forEach(key -> fates.put(key, HostileKeys.fate(key)));
            assertThat(fates.size()).as("taken by the store").isGreaterThan(NAMES / 2);
            Map<String, Long> before = files(folder);
            pipeline.stage("p1", 1, 100, 5);

            try (LakeSession session = pipeline.session(SessionOptions.Access.WRITE)) {
                pipeline.ingester(session, LARGE_BATCHES, Clock.systemUTC(), IngestListener.NONE)
                        .ingest(Pipeline.trips());
                Map<String, String> decided = new HashMap<>();
                session.query(
                        "SELECT staged_key, status || coalesce(' ' || reason, '') FROM lake.millrace.ledger",
                        row -> decided.put(row.getString(1), row.getString(2)));
                fates.forEach(
                        (key, fate) -> assertThat(decided.get(key)).as(key).isEqualTo(word(fate)));
                long loaded = fates.values().stream()
                        .filter(fate -> fate == HostileKeys.Fate.LOADED)
                        .count();
                assertThat(loaded).isPositive();
                assertThat(session.query(
                                "SELECT id || ' ' || count(*) FROM lake.trips GROUP BY id ORDER BY id",
                                row -> row.getString(1)))
                        .as("the rows of the good names and of the good neighbour, and no others")
                        .containsExactly("7 " + loaded, "100 1", "101 1", "102 1", "103 1", "104 1");
            }
            assertThat(requests).as("requests to elsewhere").hasValue(0);
            Map<String, Long> after = files(folder);
            assertThat(after).as("nothing is gone or changed").containsAllEntriesOf(before);
            after.keySet().removeAll(before.keySet());
            assertThat(after.keySet())
                    .as("what is new is a lake file, or the neighbour")
                    .allMatch(file -> file.startsWith("lake/main/trips/") || file.startsWith("staging/trips/p1/"));
        }
    }

    private static String word(HostileKeys.Fate fate) {
        return switch (fate) {
            case LOADED -> "loaded";
            case IGNORED -> null;
            case UNSAFE -> "quarantined unsafe-name";
        };
    }

    /** The content of a file with one row, which is not staged any more. */
    private static byte[] taken(Pipeline pipeline, long id) throws IOException {
        String key = pipeline.stage("p1", 1, id, 1);
        byte[] content = pipeline.bytes(key);
        pipeline.staging.delete(List.of(key));
        return content;
    }

    /** Whether the store has taken a file under just this key. */
    private static boolean put(Pipeline pipeline, String key, byte[] content) {
        try {
            if (!StoreStand.current().isServed()) {
                Path root = Path.of(pipeline.staging.root());
                Path file = root.resolve(key);
                if (!file.toString().equals(root + "/" + key)
                        || !file.normalize().equals(file)
                        || Files.exists(file)) {
                    return false;
                }
            }
            StoreStand.current().write(pipeline.staging, key, content);
            return true;
        } catch (FileSystemException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            // No path, or refused by the server, as names with empty or dotted parts are.
            return false;
        }
    }

    /**
     * Keys that continue another key, which is a file's and can't be a folder's where there are folders: {@code a/b} beside {@code a}. MinIO
     * takes and returns such an object, and lists it nowhere.
     */
    private static List<String> hidden(List<String> keys) {
        Set<String> all = Set.copyOf(keys);
        return keys.stream()
                .filter(key -> IntStream.range(1, key.length())
                        .filter(end -> key.charAt(end) == '/')
                        .anyMatch(end -> all.contains(key.substring(0, end))))
                .toList();
    }

    /** The sizes of all files below a folder but those of the catalog, which changes. */
    private static Map<String, Long> files(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = folder.relativize(file).toString();
                if (!name.startsWith("lake.sqlite")) {
                    sizes.put(name, Files.size(file));
                }
            }
        }
        return sizes;
    }

    private static void count(ServerSocket elsewhere, AtomicInteger requests) {
        try {
            while (!elsewhere.isClosed()) {
                elsewhere.accept().close();
                requests.incrementAndGet();
            }
        } catch (IOException e) {
            // The test has ended.
            return;
        }
    }
}
