package dev.millrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that a failure of the file system becomes one line with its place and the way out. */
class FolderFailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new FileSystemException("a/1", null, "No space left on device"), "free space"),
                Arguments.of(new IOException("No space left on device"), "free space"),
                Arguments.of(new FileSystemException("a/1", null, "Read-only file system"), "writable"),
                Arguments.of(new FileSystemException("a/1", null, "Disk quota exceeded"), "raise the quota"),
                Arguments.of(new FileSystemException("a/1", null, "Too many open files"), "ulimit"),
                Arguments.of(new FileSystemException("a/1", null, "Not a directory"), "move that file away"),
                Arguments.of(new AccessDeniedException("a/1"), "the right to read and write"),
                Arguments.of(new NoSuchFileException("a/1"), "still exists"),
                Arguments.of(new IOException("two\nlines"), "try again"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void saysWhatToDo(IOException cause, String remedy) {
        StorageException failed = FolderFailures.failed("cannot store 'a/1' in staging", cause);

        assertThat(failed)
                .hasCause(cause)
                .hasMessageStartingWith("cannot store 'a/1' in staging: ")
                .hasMessageContaining(remedy)
                .hasMessageNotContaining("\n");
    }
}
