package dev.millrace.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.infra.LocalServers;
import dev.millrace.infra.ObjectStoreServer;
import dev.millrace.infra.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proves that neither the catalog's password nor the secret key of S3 stands in anything that a session says: its log with
 * every statement, the engine's own tables and settings, errors with all their causes, the process list.
 */
@Tag("slow")
class SecretsTest {
    @TempDir
    Path folder;

    @Test
    void aSessionSaysNothingSecret() throws IOException, InterruptedException {
        LocalServers servers = LocalServers.shared();
        PostgresServer postgres = servers.postgres();
        ObjectStoreServer minio = servers.minio();
        servers.createDatabase("secrets");
        Path said = folder.resolve("said");
        ProcessBuilder process = ChildJvm.running(
                TalkativeSession.class,
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"),
                "postgres://" + postgres.admin().name() + "@" + postgres.host() + ":" + postgres.port() + "/secrets",
                minio.endpoint().toString(),
                "s3://lake/secrets/");
        process.environment().put("PGPASSWORD", postgres.admin().secret());
        process.environment().put("AWS_ACCESS_KEY_ID", minio.admin().name());
        process.environment().put("AWS_SECRET_ACCESS_KEY", minio.admin().secret());
        Process session =
                process.redirectErrorStream(true).redirectOutput(said.toFile()).start();
        assertThat(session.waitFor()).as(() -> read(said)).isZero();
        // That it did talk.
        assertThat(read(said))
                .contains("SECRET millrace_s3 (TYPE s3, KEY_ID ?, SECRET ?")
                .contains("SECRET millrace_catalog (TYPE postgres, PASSWORD ?)")
                .contains("key_id=" + minio.admin().name())
                .contains("password authentication failed")
                .contains("SignatureDoesNotMatch")
                .contains("HTTP 404")
                .doesNotContain(postgres.admin().secret())
                .doesNotContain(minio.admin().secret());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
