package dev.millrace.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the demo's proof holds where producers may not look at what they have put; and that no server is left running. */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SeaweedfsDemoTest {
    @TempDir
    private Path folder;

    @Test
    void theProofHolds() throws IOException {
        new ServedDemo(folder).proves("seaweedfs");
    }
}
