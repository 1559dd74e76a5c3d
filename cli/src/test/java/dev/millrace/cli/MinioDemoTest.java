package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the demo's proof holds on a MinIO of its own, also when it was killed once; and that no server is left running. */
@Tag("served")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MinioDemoTest {
    @TempDir
    private Path folder;

    @Test
    void theProofHoldsAfterAKill() throws Exception {
        ServedDemo demo = new ServedDemo(folder);
        demo.killedWhileItStages("minio");
        demo.proves("minio");
    }

    @Test
    void whatIsNoObjectStoreIsRefused() {
        CommandRun run = CommandRun.of(folder, Map.of(), "", "demo", "--served=postgres");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err()).contains("minio or seaweedfs");
    }
}
