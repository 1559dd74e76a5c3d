package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that the driver's library is unpacked once and whole, and that an error says what is missing and how to mend it. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class NativeLibraryTest {
    private static final String LIBRARY_PATH = "java.library.path";

    @TempDir
    private Path folder;

    private EngineCache cache;
    private String libraryPath;
    private String driver;

    @BeforeEach
    void lookIntoTheTestsFolder() {
        libraryPath = System.getProperty(LIBRARY_PATH);
        driver = System.getProperty(NativeLibrary.DRIVER_PROPERTY);
        cache = new EngineCache(folder);
        System.setProperty(LIBRARY_PATH, cache.nativeFolder().toString());
    }

    @AfterEach
    void restore() {
        System.setProperty(LIBRARY_PATH, libraryPath);
        System.setProperty(NativeLibrary.DRIVER_PROPERTY, driver);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, libduckdb_java.so_linux_amd64",
        "Linux, x86_64, libduckdb_java.so_linux_amd64",
        "Linux, aarch64, libduckdb_java.so_linux_arm64",
        "Mac OS X, aarch64, libduckdb_java.so_osx_universal",
        "Mac OS X, x86_64, libduckdb_java.so_osx_universal",
        "Windows 11, amd64, libduckdb_java.so_windows_amd64",
        "Linux, riscv64, libduckdb_java.so_linux_riscv64"
    })
    void everyPlatformHasItsResource(String os, String architecture, String resource) {
        assertThat(NativeLibrary.resourceName(os, architecture)).isEqualTo(resource);
    }

    @Test
    void itIsUnpackedOnce() throws IOException {
        NativeLibrary library = new NativeLibrary(cache);
        library.prepare();
        Path file = onlyFile();
        FileTime old = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, old);

        library.prepare();

        assertThat(onlyFile()).isEqualTo(file).hasSize(Files.size(file));
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    }

    @Test
    void twoAtOnceLeaveOneWholeLibrary() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Callable<Void> prepare = () -> {
                new NativeLibrary(cache).prepare();
                return null;
            };
            for (Future<Void> done : threads.invokeAll(List.of(prepare, prepare))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        String resource = NativeLibrary.resourceName(System.getProperty("os.name"), System.getProperty("os.arch"));
        try (ZipFile jar = new ZipFile(driver)) {
            assertThat(onlyFile()).hasSize(jar.getEntry(resource).getSize());
        }
    }

    @Test
    void aMissingDriverJarIsNamedWithTheRemedy() {
        Path missing = folder.resolve("no-such-driver.jar");
        System.setProperty(NativeLibrary.DRIVER_PROPERTY, missing.toString());
        assertThatThrownBy(() -> new NativeLibrary(cache).prepare())
                .isInstanceOf(EngineException.class)
                .hasMessageContainingAll(
                        missing.toString(),
                        "mvn package",
                        "-D" + NativeLibrary.DRIVER_PROPERTY,
                        EngineCache.driverVersion());
        assertThat(cache.nativeFolder()).doesNotExist();
    }

    @Test
    void aLibraryPathWithoutTheFolderIsToldWithTheOption() {
        System.setProperty(LIBRARY_PATH, folder.resolve("elsewhere").toString());
        assertThatThrownBy(() -> new NativeLibrary(cache).prepare())
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("-Djava.library.path=" + cache.nativeFolder());
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(cache.nativeFolder())) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }
}
