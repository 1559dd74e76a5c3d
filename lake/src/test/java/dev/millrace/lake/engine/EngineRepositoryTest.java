package dev.millrace.lake.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a repository which takes connections and never answers holds nobody up beyond the deadline. */
@Tag("slow")
class EngineRepositoryTest {
    @TempDir
    private Path folder;

    @BeforeAll
    static void prepareTheEngine() {
        new NativeLibrary(EngineCache.standard()).prepare();
    }

    @Test
    @Timeout(20)
    void aSilentRepositoryIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            EngineRepository repository = new EngineRepository(
                    new EngineCache(folder),
                    Duration.ofSeconds(1),
                    "http://" + silent.getInetAddress().getHostAddress() + ":" + silent.getLocalPort());
            Path target = folder.resolve("sqlite_scanner.duckdb_extension");

            assertThatThrownBy(() -> repository.fetch("sqlite_scanner", "v1.5.5", target))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("no answer within 1 s");
            assertThat(target).doesNotExist();
            silent.setSoTimeout(1);
            silent.accept().close();
        }
    }
}
