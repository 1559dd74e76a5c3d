package dev.millrace.compactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.BatchId;
import dev.millrace.storage.ObjectStore;
import dev.millrace.storage.StoredObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that any number of files below the lake's data is looked through and deleted page by page, in memory that does not grow. */
@Tag("slow")
@Tag("stand")
class ManyOrphansTest {
    /** {@code -Dmillrace.test.files=1000000} for a long look. */
    private static final long FILES = Long.getLong("millrace.test.files", 200_000);

    private static final long HEAP_GROWTH = 16L << 20;

    @TempDir
    private Path folder;

    /** A store that also lists objects which nobody has put there, made up page by page as they are shown. */
    private static final class Multiplied {
        private final ObjectStore store;
        private final Instant now = Instant.now();
        private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        private long deleted;
        private long heapAtStart;
        private long heapAtMost;

        Multiplied(ObjectStore store) {
            this.store = store;
        }

        ObjectStore store() {
            return (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "list" -> {
                                @SuppressWarnings("unchecked")
                                Consumer<List<StoredObject>> page = (Consumer<List<StoredObject>>) arguments[1];
                                list((String) arguments[0], page);
                                return null;
                            }
                            case "delete" -> {
                                delete((Collection<?>) arguments[0]);
                                return null;
                            }
                            default -> {
                                try {
                                    return method.invoke(store, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            }
                        }
                    });
        }

        private void list(String prefix, Consumer<List<StoredObject>> page) {
            heapAtStart = heap();
            store.list(prefix, page);
            for (long from = 0; from < FILES; from += ObjectStore.PAGE_OBJECTS) {
                page.accept(LongStream.range(from, from + ObjectStore.PAGE_OBJECTS)
                        .mapToObj(this::madeUp)
                        .toList());
                if (from % (FILES / 4) == 0) {
                    look();
                }
            }
        }

        private StoredObject madeUp(long number) {
            return new StoredObject(
                    OrphanedLake.TRIPS_FOLDER + "town=x/" + BatchId.next() + "-" + number + ".parquet", 1_000, now);
        }

        private void delete(Collection<?> keys) {
            assertThat(keys).hasSizeLessThanOrEqualTo(ObjectStore.PAGE_OBJECTS);
            deleted += keys.size();
            if (deleted % (FILES / 4) == 0) {
                look();
            }
        }

        private void look() {
            heapAtMost = Math.max(heapAtMost, heap());
        }

        private long heap() {
            memory.gc();
            return memory.getHeapMemoryUsage().getUsed();
        }
    }

    @Test
    void theyAreLookedThroughAndDeletedPageByPage() {
        try (OrphanedLake lake = new OrphanedLake(folder)) {
            lake.insert(0, 10, "Ulm");
            Multiplied many = new Multiplied(lake.lakeData());
            OrphanRemoval removal = new OrphanRemoval(
                    new CompactEnvironment(
                            lake.session(),
                            many.store(),
                            TripsLake.terms(OrphanedLake.later(Duration.ofDays(3)), TripsLake.RETRY)),
                    OrphanedLake.SETTINGS.withMaxSharePercent(OrphanSettings.ALL));

            OrphanResult.Removed result = (OrphanResult.Removed) removal.run();

            assertThat(result.plan().lakeData().files().files()).isEqualTo(FILES + 1);
            assertThat(result.removed()).isEqualTo(new FileCount(FILES, FILES * 1_000));
            assertThat(many.deleted).isEqualTo(FILES);
            assertThat(many.heapAtMost - many.heapAtStart).isLessThan(HEAP_GROWTH);
        }
    }
}
