package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.lake.engine.EngineCache;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Proves that an engine with little memory goes on with the disk, from a cache in which nothing was ever spilled. */
@Tag("slow")
@ExtendWith(EveryCore.class)
class SpillTest {
    @TempDir
    private Path folder;

    @Test
    void whatDoesNotFitIntoMemoryIsSpilled() throws IOException {
        forgetFormerSpills();
        SessionOptions small = LakeStand.options(SessionOptions.Access.CREATE).withMemory(128_000_000);
        try (LakeSession session = LakeSession.open(LakeStand.address(folder), small)) {
            session.execute(
                    "CREATE TEMP TABLE much AS SELECT i, md5(i::VARCHAR) AS text FROM range(5000000) r(i) ORDER BY text");
            assertThat(session.queryLong("SELECT count(DISTINCT i) FROM much")).isEqualTo(5_000_000);
        }
    }

    private static void forgetFormerSpills() throws IOException {
        try {
            Files.deleteIfExists(EngineCache.standard().spills());
        } catch (DirectoryNotEmptyException e) {
            // Another process is spilling just now.
        }
    }
}
