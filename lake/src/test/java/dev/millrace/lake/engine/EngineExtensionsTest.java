package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that an extension is loaded from the cache, else from the first source that has it, and that errors say what to do. */
class EngineExtensionsTest {
    private static final String NAME = "sqlite_scanner";

    @TempDir
    private Path folder;

    private final List<String> notices = new ArrayList<>();

    @BeforeAll
    static void fillTheStandardCache() throws SQLException {
        new NativeLibrary(EngineCache.standard()).prepare();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            new EngineExtensions(EngineCache.standard(), notice -> {}).load(connection, List.of(NAME));
        }
    }

    @Test
    void whatIsCachedIsTakenWithoutAskingAnySource() throws SQLException {
        load(new StandardCache());
        assertThat(notices).hasSize(1);

        load(new Refusing("the one"));

        assertThat(notices).hasSize(1);
    }

    @Test
    void theSecondSourceIsAskedWhenTheFirstRefuses() throws SQLException {
        load(new Refusing("the first"), new StandardCache());
        assertThat(notices).hasSize(2);
        assertThat(notices.get(0)).contains(NAME, "the first", folder.toString());
        assertThat(notices.get(1)).contains(NAME, "the standard cache");
    }

    @Test
    void whenAllRefuseTheMessageNamesThemAndThePlaceForTheFile() {
        assertThatThrownBy(() -> load(new Refusing("the first"), new Refusing("the second")))
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll(
                        "the first: closed today",
                        "the second: closed today",
                        "Place it by hand as " + folder.resolve("duckdb").resolve("extensions"),
                        NAME + ".duckdb_extension",
                        EngineCache.VARIABLE);
    }

    @Test
    void aCorruptFileIsToBeDeleted() {
        assertThatThrownBy(() -> load(new Corrupt()))
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll(folder.toString(), NAME + ".duckdb_extension", "Delete that file");
    }

    @Test
    void whatWasFoundGoodIsNotHashedAgain() throws Exception {
        load(new StandardCache());
        Path file = extensionFile();
        Path note = file.resolveSibling(file.getFileName() + ".signature-checked");
        FileTime noted = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(note, noted);

        load();
        assertThat(Files.getLastModifiedTime(note)).isEqualTo(noted);

        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        load();
        assertThat(Files.getLastModifiedTime(note)).isGreaterThan(noted);
    }

    @Test
    void aFileThatWasChangedAfterItWasFoundGoodIsRefused() throws Exception {
        load(new StandardCache());
        Path file = extensionFile();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        // Not in place: this process still runs what is in there.
        Path changed = Files.write(file.resolveSibling("changed"), bytes);
        Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(this::load)
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll(NAME + ".duckdb_extension", "signature");
    }

    @Test
    void afterLoadingAnEngineTakesNoUnsignedExtensionAnyMore() throws Exception {
        try (Connection connection = EngineExtensions.openEngine();
                Statement statement = connection.createStatement()) {
            statement.execute(EngineExtensions.AFTER_LOADING);

            assertThatThrownBy(() -> statement.execute("SET allow_unsigned_extensions = true"))
                    .hasMessageContaining("Cannot change");
        }
    }

    private Path extensionFile() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(path -> path.getFileName().toString().equals(NAME + ".duckdb_extension"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void severalThatFillTheSameEmptyCacheAtOnceAllSucceed() throws Exception {
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> loads = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                loads.add(() -> {
                    start.await();
                    load(new StandardCache());
                    return null;
                });
            }
            for (Future<Void> done : executor.invokeAll(loads)) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private void load(ExtensionSource... sources) throws SQLException {
        try (Connection connection = EngineExtensions.openEngine()) {
            new EngineExtensions(new EngineCache(folder), List.of(sources), this::notice)
                    .load(connection, List.of(NAME));
        }
    }

    private synchronized void notice(String notice) {
        notices.add(notice);
    }

    private record Refusing(String description) implements ExtensionSource {
        @Override
        public void fetch(String name, String engineVersion, Path target) {
            throw new EngineException("closed today");
        }
    }

    private record Corrupt() implements ExtensionSource {
        @Override
        public String description() {
            return "a source of corrupt files";
        }

        @Override
        public void fetch(String name, String engineVersion, Path target) {
            try {
                Files.write(target, new byte[1_000]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A source that every machine which has run the tests before has at hand. */
    private record StandardCache() implements ExtensionSource {
        @Override
        public String description() {
            return "the standard cache";
        }

        @Override
        public void fetch(String name, String engineVersion, Path target) {
            Path cached = EngineCache.standard()
                    .extensionFolder()
                    .resolve(engineVersion)
                    .resolve(target.getParent().getFileName())
                    .resolve(target.getFileName());
            Path aside = target.resolveSibling("." + UUID.randomUUID());
            try {
                Files.copy(cached, aside);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
