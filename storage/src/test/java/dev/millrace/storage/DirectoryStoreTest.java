package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a directory behaves as an object store: whole, immutable objects under checked keys, and clear refusals. */
class DirectoryStoreTest {
    @TempDir
    private Path folder;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.create(folder.resolve("staging"));
    }

    @Test
    void putsAndReadsBack() throws IOException {
        assertThat(put("flights/ua/1.parquet", "one")).isEqualTo(PutOutcome.CREATED);

        assertThat(text("flights/ua/1.parquet")).isEqualTo("one");
        StoredObject found = store.find("flights/ua/1.parquet").orElseThrow();
        assertThat(found.sizeBytes()).isEqualTo(3);
        assertThat(found.modifiedAt()).isBefore(Instant.now().plusSeconds(5));
        assertThat(store.address("flights/ua/1.parquet")).isEqualTo(store.root() + "/flights/ua/1.parquet");
        assertThat(filesOnDisk()).containsExactly("flights/ua/1.parquet");
    }

    @Test
    void sameContentUnderTheSameKeyIsSuccess() throws IOException {
        put("flights/ua/1.parquet", "one");

        assertThat(put("flights/ua/1.parquet", "one")).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(filesOnDisk()).containsExactly("flights/ua/1.parquet");
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
    void aFolderUnderTheKeyIsAConflict() throws IOException {
        put("a/b/1.parquet", "one");
        Path spool = spool("a/x", "two");

        assertThatThrownBy(() -> store.putIfAbsent("a/b", spool))
                .isInstanceOf(KeyConflictException.class)
                .hasMessageContaining("a folder");
    }

    @Test
    void takesAFileFromAnotherFileSystem() throws IOException {
        Path shared = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.isDirectory(shared) && !Files.getFileStore(shared).equals(Files.getFileStore(folder)),
                "needs a second file system");
        Path elsewhere = Files.createTempFile(shared, "millrace", ".parquet");
        Files.writeString(elsewhere, "from afar");

        assertThat(store.putIfAbsent("a/1.parquet", elsewhere)).isEqualTo(PutOutcome.CREATED);
        assertThat(text("a/1.parquet")).isEqualTo("from afar");
        assertThat(elsewhere).doesNotExist();

        Files.writeString(elsewhere, "from afar");
        assertThat(store.putIfAbsent("a/1.parquet", elsewhere)).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThat(filesOnDisk()).containsExactly("a/1.parquet");
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

        assertThat(pages).extracting(List::size).containsExactly(1_000, 1_000, 100);
        assertThat(pages.stream().flatMap(List::stream).map(StoredObject::key))
                .containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void listsFilesOnlyAndNoneThatIsHiddenOrLinked() throws IOException {
        write("a/1.parquet", "x");
        write("a/.spool-1", "in flight");
        write("a/.hidden/2.parquet", "x");
        write("a/_tmp/3.parquet", "x");
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("4.parquet"), "x");
        Files.createSymbolicLink(Path.of(store.root(), "a", "link"), outside);
        Files.createSymbolicLink(Path.of(store.root(), "a", "5.parquet"), outside.resolve("4.parquet"));

        assertThat(keys("")).containsExactlyInAnyOrder("a/1.parquet", "a/_tmp/3.parquet");
        assertThat(keys("a/")).containsExactlyInAnyOrder("a/1.parquet", "a/_tmp/3.parquet");
        assertThat(keys("nothing/")).isEmpty();
        assertThat(keys("a/1.parquet/")).isEmpty();
        assertThat(store.find("a/5.parquet")).isEmpty();
        assertThat(store.find("a")).isEmpty();
    }

    @Test
    void refusesAPathThatLeadsOutByALink() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(Path.of(store.root(), "link"), outside);

        assertThatThrownBy(() -> store.newSpoolFile("link/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("link/1.parquet", "symbolic link");
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
    void deletesObjectsOnlyAndOnlyOnce() throws IOException {
        write("a/1.parquet", "x");
        write("a/b/2.parquet", "x");

        store.delete(List.of("a/1.parquet", "a/missing.parquet", "a/b"));
        store.delete(List.of("a/1.parquet"));

        assertThat(filesOnDisk()).containsExactly("a/b/2.parquet");
    }

    @Test
    void copiesWithoutOverwriting() throws IOException {
        put("a/1.parquet", "one");
        put("a/2.parquet", "two");

        assertThat(store.copyIfAbsent("a/1.parquet", "lake/1.parquet")).isEqualTo(PutOutcome.CREATED);
        assertThat(store.copyIfAbsent("a/1.parquet", "lake/1.parquet")).isEqualTo(PutOutcome.ALREADY_THERE);
        assertThatThrownBy(() -> store.copyIfAbsent("a/2.parquet", "lake/1.parquet"))
                .isInstanceOf(KeyConflictException.class);
        assertThatThrownBy(() -> store.copyIfAbsent("a/3.parquet", "lake/3.parquet"))
                .hasMessageContaining("no object 'a/3.parquet'");

        assertThat(text("lake/1.parquet")).isEqualTo("one");
        assertThat(filesOnDisk()).containsExactlyInAnyOrder("a/1.parquet", "a/2.parquet", "lake/1.parquet");
    }

    @Test
    void aCopyIsAsOldAsTheCopyingNotAsTheOriginal() throws IOException {
        put("a/1.parquet", "one");
        Files.setLastModifiedTime(
                Path.of(store.address("a/1.parquet")), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        store.copyIfAbsent("a/1.parquet", "lake/1.parquet");

        assertThat(store.find("lake/1.parquet").orElseThrow().modifiedAt())
                .isAfter(Instant.parse("2021-01-01T00:00:00Z"));
    }

    @Test
    void removesAbandonedPutsWhenTheyAreOldEnough() throws IOException {
        put("a/1.parquet", "one");
        Path abandoned = spool("a/2.parquet", "never published");
        write("b/.other", "not ours");

        assertThat(at(Duration.ofMinutes(59)).removeAbandonedPuts("", Duration.ofHours(1)))
                .isZero();
        assertThat(at(Duration.ofMinutes(61)).removeAbandonedPuts("b/", Duration.ofHours(1)))
                .isZero();
        assertThat(at(Duration.ofMinutes(61)).removeAbandonedPuts("", Duration.ofHours(1)))
                .isEqualTo(1);

        assertThat(abandoned).doesNotExist();
        assertThat(filesOnDisk()).containsExactlyInAnyOrder("a/1.parquet", "b/.other");
    }

    @Test
    void aMissingFolderIsNamed() {
        assertThatThrownBy(() -> DirectoryStore.open(folder.resolve("nowhere")))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("nowhere", "does not exist", "millrace init");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> DirectoryStore.open(file)).hasMessageContainingAll("file", "is not a folder");
        assertThatThrownBy(() -> DirectoryStore.create(file.resolve("below")))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("below", "a file stands where a folder is needed");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamedInOneLine() throws IOException {
        write("a", "a file where a folder is needed");

        assertThatThrownBy(() -> store.newSpoolFile("a/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("a/1.parquet", store.root(), "a file stands where a folder is needed")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aStoreWhoseFolderWentAwayIsNoEmptyStore() throws IOException {
        Files.delete(Path.of(store.root()));

        assertThatThrownBy(() -> keys("")).isInstanceOf(StorageException.class).hasMessageContaining("is gone");
    }

    @Test
    void aMissingObjectIsNamedWhenOpened() {
        assertThatThrownBy(() -> store.open("a/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("a/1.parquet", "no such file");
    }

    private DirectoryStore at(Duration later) {
        return new DirectoryStore(
                Path.of(store.root()), Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC));
    }

    private PutOutcome put(String key, String content) throws IOException {
        return store.putIfAbsent(key, spool(key, content));
    }

    private Path spool(String key, String content) throws IOException {
        return Files.writeString(store.newSpoolFile(key), content);
    }

    private void write(String path, String content) throws IOException {
        Path file = Path.of(store.root(), path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
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

    private List<String> filesOnDisk() throws IOException {
        Path root = Path.of(store.root());
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> root.relativize(f).toString())
                    .toList();
        }
    }
}
