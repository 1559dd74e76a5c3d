package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves what is of directories alone: links, folders, file systems. What every store promises, {@link ObjectStoreTest} proves. */
class DirectoryStoreTest {
    @TempDir
    private Path folder;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.create(folder.resolve("staging"));
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
    void refusesAPathThatLeadsOutByALink() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.createSymbolicLink(Path.of(store.root(), "link"), outside);

        assertThatThrownBy(() -> store.newSpoolFile("link/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("link/1.parquet", "symbolic link");
    }

    @Test
    void aCopyIsAsOldAsTheCopyingNotAsTheOriginal() throws IOException {
        put("a/1.parquet", "one");
        Files.setLastModifiedTime(
                Path.of(store.address("a/1.parquet")), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        store.copyIfAbsent(store, "a/1.parquet", "lake/1.parquet");

        assertThat(store.find("lake/1.parquet").orElseThrow().modifiedAt())
                .isAfter(Instant.parse("2021-01-01T00:00:00Z"));
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
