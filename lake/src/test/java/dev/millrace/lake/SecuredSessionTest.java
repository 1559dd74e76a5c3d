package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.storage.TlsFront;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the engine speaks TLS to a store whose certificate the JVM trusts, and to no other. */
@Tag("slow")
class SecuredSessionTest {
    @TempDir
    Path folder;

    @Test
    void theEngineTrustsWhomTheJvmTrusts() throws Exception {
        ObjectStoreServer minio = LocalServers.shared().minio();
        try (TlsFront front = new TlsFront(folder, minio.endpoint().getPort())) {
            String endpoint = "https://127.0.0.1:" + front.port();
            assertThat(said(minio, endpoint, "trusting", front.trustingOptions()))
                    .contains("rows: 1000");
            assertThat(said(minio, endpoint, "wary", List.of()))
                    .contains("refused: ", "SSL peer certificate")
                    .doesNotContain(minio.admin().secret());
        }
    }

    private String said(ObjectStoreServer minio, String endpoint, String name, List<String> jvmOptions)
            throws IOException, InterruptedException {
        Path said = folder.resolve(name);
        ProcessBuilder process = ChildJvm.running(
                SecuredSession.class,
                jvmOptions,
                endpoint,
                "s3://lake/tls-" + name + "/",
                Files.createDirectory(folder.resolve(name + "-catalog")).toString());
        process.environment().put("AWS_ACCESS_KEY_ID", minio.admin().name());
        process.environment().put("AWS_SECRET_ACCESS_KEY", minio.admin().secret());
        process.redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
        return Files.readString(said);
    }
}
