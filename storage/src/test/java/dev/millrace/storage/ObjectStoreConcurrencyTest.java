package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that puts at the same time never overwrite each other and that no listing shows half an object. */
@Tag("stand")
class ObjectStoreConcurrencyTest {
    private static final int WRITERS = 32;
    private static final int OBJECT_BYTES = 200_000;

    @TempDir
    private Path folder;

    private ObjectStore store;

    @BeforeEach
    void open() {
        store = StoreStand.current().store(folder, "staging");
    }

    @RepeatedTest(20)
    void ofTwoPutsOfTheSameContentOneCreatesAndOneFindsIt() throws Exception {
        assertThat(putAtOnce(2, i -> "a/1.parquet", i -> "same")).containsExactlyInAnyOrder("CREATED", "ALREADY_THERE");
    }

    @RepeatedTest(20)
    void ofTwoPutsOfDifferentContentOneIsRefused() throws Exception {
        assertThat(putAtOnce(2, i -> "a/1.parquet", i -> "content " + i))
                .containsExactlyInAnyOrder("CREATED", "KeyConflictException");
    }

    @Test
    void manyPutsOfOneKeyCreateItOnce() throws Exception {
        List<String> outcomes = putAtOnce(WRITERS, i -> "a/b/c/1.parquet", i -> "same");

        assertThat(Collections.frequency(outcomes, "CREATED")).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, "ALREADY_THERE")).isEqualTo(WRITERS - 1);
    }

    @Test
    void manyPutsIntoNewFoldersAllArrive() throws Exception {
        assertThat(putAtOnce(WRITERS, i -> "a/p" + i % 4 + "/" + i + ".parquet", i -> "content " + i))
                .containsOnly("CREATED");

        List<String> keys = new ArrayList<>();
        store.list("a/", page -> page.forEach(o -> keys.add(o.key())));
        assertThat(keys).hasSize(WRITERS);
    }

    @Test
    void aListingNeverShowsAPartlyWrittenObject() throws Exception {
        int writers = 4;
        int objectsPerWriter = 50;
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                running.add(pool.submit(() -> {
                    for (int i = 0; i < objectsPerWriter; i++) {
                        String key = "a/p" + writer + "/" + i + ".parquet";
                        store.putIfAbsent(key, Files.write(store.newSpoolFile(key), new byte[OBJECT_BYTES]));
                    }
                    return null;
                }));
            }
            List<Long> sizes = new ArrayList<>();
            while (!running.stream().allMatch(Future::isDone)) {
                store.list("", page -> page.forEach(o -> sizes.add(o.sizeBytes())));
            }
            for (Future<?> future : running) {
                future.get();
            }
            store.list("", page -> page.forEach(o -> sizes.add(o.sizeBytes())));

            assertThat(sizes)
                    .hasSizeGreaterThanOrEqualTo(writers * objectsPerWriter)
                    .containsOnly((long) OBJECT_BYTES);
        } finally {
            pool.shutdownNow();
        }
    }

    private List<String> putAtOnce(int threads, IntFunction<String> key, IntFunction<String> content) throws Exception {
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<String>> puts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int writer = i;
                puts.add(() -> {
                    byte[] bytes = content.apply(writer).getBytes(StandardCharsets.UTF_8);
                    together.await();
                    Path spool = Files.write(store.newSpoolFile(key.apply(writer)), bytes);
                    try {
                        return store.putIfAbsent(key.apply(writer), spool).name();
                    } catch (KeyConflictException e) {
                        return e.getClass().getSimpleName();
                    }
                });
            }
            List<String> outcomes = new ArrayList<>();
            for (Future<String> future : pool.invokeAll(puts)) {
                outcomes.add(future.get());
            }
            return outcomes;
        } finally {
            pool.shutdownNow();
        }
    }
}
