package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a folder that is missing, gone or in no state to be written is named, and never taken for an empty store. */
class DirectoryStoreFailureTest {
    @TempDir
    private Path folder;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.create(folder.resolve("staging"));
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
        Files.writeString(Path.of(store.root(), "a"), "a file where a folder is needed");

        assertThatThrownBy(() -> store.newSpoolFile("a/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("a/1.parquet", store.root(), "a file stands where a folder is needed")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aStoreWhoseFolderWentAwayIsNoEmptyStore() throws IOException {
        Files.delete(Path.of(store.root()));

        assertThatThrownBy(() -> store.list("", page -> {}))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is gone");
    }

    @Test
    void aMissingObjectIsNamedWhenOpened() {
        assertThatThrownBy(() -> store.open("a/1.parquet"))
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll("a/1.parquet", "no such file");
    }
}
