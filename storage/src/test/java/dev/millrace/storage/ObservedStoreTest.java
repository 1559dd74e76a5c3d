package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that each operation of a store is told once with its outcome, its bytes and its own time, and becomes a metric. */
class ObservedStoreTest {
    private record Told(StoreOperation operation, boolean isSuccess, long bytes) {}

    @TempDir
    Path folder;

    private final List<Told> told = new ArrayList<>();
    private final List<Duration> times = new ArrayList<>();
    private ObjectStore store;

    @BeforeEach
    void open() {
        store = ObservedStore.of(
                DirectoryStore.create(folder.resolve("store")), (operation, isSuccess, took, bytes) -> {
                    told.add(new Told(operation, isSuccess, bytes));
                    times.add(took);
                });
    }

    private void put(String key, String content) throws IOException {
        Path file = store.newSpoolFile(key);
        Files.writeString(file, content);
        store.putIfAbsent(key, file);
    }

    @Test
    void eachOperationWithItsBytes() throws IOException {
        put("trips/a/1.parquet", "four");
        try (InputStream content = store.open("trips/a/1.parquet", 1)) {
            assertThat(content.read()).isEqualTo('o');
            assertThat(content.readAllBytes()).hasSize(2);
        }
        assertThat(store.find("trips/a/1.parquet")).isPresent();
        store.copyIfAbsent(store, "trips/a/1.parquet", "trips/a/2.parquet");
        store.list("trips/", page -> {});
        assertThat(store.folders()).containsExactly("trips");
        store.delete(List.of("trips/a/2.parquet"));

        assertThat(told)
                .containsExactly(
                        new Told(StoreOperation.PUT, true, 4),
                        new Told(StoreOperation.READ, true, 3),
                        new Told(StoreOperation.FIND, true, 0),
                        new Told(StoreOperation.COPY, true, 0),
                        new Told(StoreOperation.LIST, true, 0),
                        new Told(StoreOperation.LIST, true, 0),
                        new Told(StoreOperation.DELETE, true, 0));
    }

    @Test
    void whatFailsIsToldAsThat() throws IOException {
        put("trips/a/1.parquet", "four");
        assertThatThrownBy(() -> put("trips/a/1.parquet", "other")).isInstanceOf(KeyConflictException.class);
        assertThatThrownBy(() -> store.open("trips/a/none.parquet")).isInstanceOf(Exception.class);

        assertThat(told)
                .containsExactly(
                        new Told(StoreOperation.PUT, true, 4),
                        new Told(StoreOperation.PUT, false, 0),
                        new Told(StoreOperation.READ, false, 0));
    }

    /** A listing whose reader takes its time, or gives up, says nothing of the store. */
    @Test
    void theTimeOfAListingIsThatOfTheStore() throws IOException {
        put("trips/a/1.parquet", "four");
        long begun = System.nanoTime();
        Duration reader = Duration.ofMillis(50);
        store.list("trips/", page -> {
            while (System.nanoTime() - begun < reader.toNanos()) {
                Thread.onSpinWait();
            }
        });
        Duration whole = Duration.ofNanos(System.nanoTime() - begun);
        assertThatThrownBy(() -> store.list("trips/", page -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");

        assertThat(told).endsWith(new Told(StoreOperation.LIST, true, 0), new Told(StoreOperation.LIST, true, 0));
        assertThat(times.get(1)).isLessThan(whole);
        assertThat(times.get(1).plus(reader)).isLessThanOrEqualTo(whole.plus(reader));
    }

    @Test
    void theyBecomeMetrics() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ObjectStore metered =
                ObservedStore.of(DirectoryStore.create(folder.resolve("store")), new StoreMetrics(registry));
        Path file = metered.newSpoolFile("trips/a/1.parquet");
        Files.writeString(file, "four");
        metered.putIfAbsent("trips/a/1.parquet", file);
        assertThatThrownBy(() -> metered.open("trips/a/none.parquet")).isInstanceOf(Exception.class);

        Timer puts = registry.get("millrace.storage")
                .tags("operation", "put", "outcome", "succeeded")
                .timer();
        assertThat(puts.count()).isEqualTo(1);
        assertThat(registry.get("millrace.storage")
                        .tags("operation", "read", "outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("millrace.storage.bytes")
                        .tag("operation", "put")
                        .counter()
                        .count())
                .isEqualTo(4.0);
    }

    @Test
    void withoutAListenerItIsTheStoreItself() {
        ObjectStore plain = DirectoryStore.create(folder.resolve("plain"));

        assertThat(ObservedStore.of(plain, StoreListener.NONE)).isSameAs(plain);
    }
}
