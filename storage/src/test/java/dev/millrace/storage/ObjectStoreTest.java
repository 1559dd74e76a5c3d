package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what every kind of store promises: whole, immutable objects under checked keys. */
@Tag("stand")
class ObjectStoreTest {
    @TempDir
    private Path folder;

    private final StoreStand stand = StoreStand.current();
    private ObjectStore store;

    @BeforeEach
    void open() {
        store = stand.store(folder, "staging");
    }

    @Test
    void putsAndReadsBack() throws IOException {
        assertThat(put("flights/ua/1.parquet", "one")).isEqualTo(PutOutcome.CREATED);

        assertThat(text("flights/ua/1.parquet")).isEqualTo("one");
        StoredObject found = store.find("flights/ua/1.parquet").orElseThrow();
        assertThat(found.sizeBytes()).isEqualTo(3);
        assertThat(found.modifiedAt()).isBefore(Instant.now().plusSeconds(5));
        assertThat(store.address("flights/ua/1.parquet")).isEqualTo(store.root() + "/flights/ua/1.parquet");
        assertThat(stand.everything(store)).containsExactly("flights/ua/1.parquet");
    }

    @Test
    void readsFromAnOffsetOn() throws IOException {
        put("a/1.parquet", "the footer stands last");

        try (InputStream in = store.open("a/1.parquet", 18)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("last");
        }
        assertThatThrownBy(() -> store.open("a/2.parquet", 18)).isInstanceOf(StorageException.class);
    }

    @Test
    void sameContentUnderTheSameKeyIsSuccess() throws IOException {
        put("flights/ua/1.parquet", "one");

        assertThat(put("flights/ua/1.parquet", "one")).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(stand.everything(store)).containsExactly("flights/ua/1.parquet");
    }

    @Test
    void otherContentUnderTheSameKeyIsRefusedAndKept() throws IOException {
        put("flights/ua/1.parquet", "one");
        Path spool = spool("flights/ua/1.parquet", "other");

        assertThatThrownBy(() -> store.putIfAbsent("flights/ua/1.parquet", spool))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContainingAll("flights/ua/1.parquet", "3 bytes", "5 bytes", "new batch id");
        assertThat(text("flights/ua/1.parquet")).isEqualTo("one");
        assertThat(spool).hasContent("other");
    }

    @Test
    void sameSizeWithOtherContentIsAConflictToo() throws IOException {
        put("a/1.parquet", "one");
        Path spool = spool("a/1.parquet", "eno");

        assertThatThrownBy(() -> store.putIfAbsent("a/1.parquet", spool)).isInstanceOf(KeyConflictException.class);
    }

    @Test
    void aTrialLeavesNothing() throws IOException {
        store.tryPut("flights/_trial");

        assertThat(store.find("flights/_trial")).isEmpty();
        assertThat(stand.everything(store)).isEmpty();
        assertThat(store.removeAbandonedPuts("", Duration.ZERO)).isZero();
    }

    @Test
    void listsEverythingInPages() throws IOException {
        List<String> keys = IntStream.range(0, 2_100)
                .mapToObj(i -> "flights/p" + i % 7 + "/" + i + ".parquet")
                .toList();
        for (String key : keys) {
            write(key, "x");
        }
        write("other/1.parquet", "not under the prefix");

        List<List<StoredObject>> pages = new ArrayList<>();
        store.list("flights/", pages::add);

        assertThat(pages).extracting(List::size).allSatisfy(size -> assertThat(size)
                .isBetween(1, 1_000));
        assertThat(pages.stream().flatMap(List::stream).map(StoredObject::key))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "/a", "a\\b", "a\0b", "./a", "a/.spool-1"})
    void refusesKeysThatLeaveTheRootOrAreHidden(String key) {
        assertThatThrownBy(() -> store.address(key))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is refused");
        assertThatThrownBy(() -> store.newSpoolFile(key)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.find(key)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.open(key)).isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store.delete(List.of(key))).isInstanceOf(StorageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "../", "/", "a/../"})
    void refusesPrefixesThatAreNoFolderBelowTheRoot(String prefix) {
        assertThatThrownBy(() -> keys(prefix)).isInstanceOf(StorageException.class);
    }

    @Test
    void listsNothingThatIsHidden() throws IOException {
        write("a/1.parquet", "x");
        write("a/.spool-1", "in flight");
        write("a/.hidden/2.parquet", "x");
        write("a/_tmp/3.parquet", "x");

        assertThat(keys("")).containsExactlyInAnyOrder("a/1.parquet", "a/_tmp/3.parquet");
        assertThat(keys("a/")).containsExactlyInAnyOrder("a/1.parquet", "a/_tmp/3.parquet");
        assertThat(keys("nothing/")).isEmpty();
        assertThat(keys("a/1.parquet/")).isEmpty();
        assertThat(store.find("a")).isEmpty();
    }

    @Test
    void deletesObjectsOnlyAndOnlyOnce() throws IOException {
        write("a/1.parquet", "x");
        write("a/b/2.parquet", "x");

        store.delete(List.of("a/1.parquet", "a/missing.parquet", "a/b"));
        store.delete(List.of("a/1.parquet"));

        assertThat(stand.everything(store)).containsExactly("a/b/2.parquet");
    }

    @Test
    void copiesWithoutOverwriting() throws IOException {
        put("a/1.parquet", "one");
        put("a/2.parquet", "two");

        assertThat(store.copyIfAbsent(store, "a/1.parquet", "lake/1.parquet")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent(store, "a/1.parquet", "lake/1.parquet")).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThatThrownBy(() -> store.copyIfAbsent(store, "a/2.parquet", "lake/1.parquet"))
                .isInstanceOf(KeyConflictException.class);
        assertThatThrownBy(() -> store.copyIfAbsent(store, "a/3.parquet", "lake/3.parquet"))
                .hasMessageContaining("no object 'a/3.parquet'");

        assertThat(text("lake/1.parquet")).isEqualTo("one");
        assertThat(stand.everything(store)).containsExactlyInAnyOrder("a/1.parquet", "a/2.parquet", "lake/1.parquet");
    }

    @Test
    void removesAbandonedPutsWhenTheyAreOldEnough() throws IOException {
        put("a/1.parquet", "one");
        Path abandoned = spool("a/2.parquet", "never published");
        write("b/.other", "not ours");

        assertThat(at(Duration.ofMinutes(59)).removeAbandonedPuts("", Duration.ofHours(1)))
                .isZero();
        assertThat(at(Duration.ofMinutes(61)).removeAbandonedPuts("", Duration.ofHours(1)))
                .isEqualTo(1);

        assertThat(abandoned).doesNotExist();
        assertThat(stand.everything(store)).containsExactlyInAnyOrder("a/1.parquet", "b/.other");
    }

    private ObjectStore at(Duration later) {
        return stand.store(folder, "staging", Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC));
    }

    private PutOutcome put(String key, String content) throws IOException {
        return store.putIfAbsent(key, spool(key, content));
    }

    private Path spool(String key, String content) throws IOException {
        return Files.writeString(store.newSpoolFile(key), content);
    }

    private void write(String key, String content) throws IOException {
        stand.write(store, key, content);
    }

    private String text(String key) throws IOException {
        try (InputStream in = store.open(key)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        store.list(prefix, page -> page.forEach(o -> keys.add(o.key())));
        return keys;
    }
}
