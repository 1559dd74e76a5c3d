package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Proves what start, stop and status in infra/local do for a user at a shell. */
@Tag("slow")
class ServerCommandsTest {
    private static final Path COMMANDS = Path.of("local").toAbsolutePath();

    @TempDir
    private Path working;

    @AfterEach
    void stop() throws Exception {
        run("stop", "--remove");
    }

    @Test
    void serversGoOnUntilTheyAreStoppedAndKeepPortsDataAndSecrets() throws Exception {
        Run started = run("start", "--producers", "flights,weather");
        assertThat(started.status).isZero();
        assertThat(started.output)
                .contains("http://127.0.0.1:", "database lake", ". ./.millrace-servers/env/ingester", "stop");
        assertThat(started.output).doesNotContain("secretKey", "PASSWORD");
        Path stateFile = working.resolve(".millrace-servers/servers.json");
        LocalServers servers = LocalServers.running(stateFile);
        ObjectStoreServer minio = servers.minio();
        try (S3Client producer = S3Clients.of(minio, servers.producer("flights"));
                S3Client ingester = S3Clients.of(minio, minio.login(Role.INGESTER))) {
            producer.putObject(b -> b.bucket("staging").key("flights/p/1"), RequestBody.fromString("1"));

            Run again = run("start");
            assertThat(again.status).isZero();
            assertThat(again.output).contains("minio is running already", "postgres is running already");
            assertThat(run("status"))
                    .isEqualTo(new Run(
                            0,
                            again.output
                                    .lines()
                                    .filter(line -> line.contains("running, process"))
                                    .collect(Collectors.joining("\n"))));

            Run stopped = run("stop");
            assertThat(stopped.output).contains("minio has ended", "postgres has ended");
            assertThat(run("status").status).isEqualTo(3);
            assertThat(run("start").status).isZero();

            assertThat(LocalServers.running(stateFile).minio()).isEqualTo(minio);
            assertThat(LocalServers.running(stateFile).postgres()).isEqualTo(servers.postgres());
            assertThat(ingester.getObjectAsBytes(b -> b.bucket("staging").key("flights/p/1"))
                            .asUtf8String())
                    .isEqualTo("1");
        }
        Traces traces = Traces.of(stateFile);
        assertThat(run("stop", "--remove").output).contains("has ended", "is removed");
        assertThat(traces.left()).isEmpty();
        assertThat(working).isEmptyDirectory();
        assertThat(run("stop")).isEqualTo(new Run(0, "no servers in ./.millrace-servers"));
        assertThat(run("status").status).isEqualTo(3);
    }

    @Test
    void anEnvironmentIsOneRolesAndForItsOwnerOnly() throws Exception {
        assertThat(run("start", "--producers", "flights").status).isZero();
        Path folder = working.resolve(".millrace-servers/env");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(5).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }

        Map<String, String> cleaner = environment(folder.resolve("cleaner"));
        assertThat(cleaner)
                .containsEntry("MILLRACE_STAGING", "s3://staging")
                .containsEntry("MILLRACE_LAKE_DATA", "s3://lake")
                .containsEntry("AWS_ACCESS_KEY_ID", "cleaner");
        String catalog = cleaner.get("MILLRACE_LAKE_CATALOG");
        assertThat(catalog).startsWith("postgres://millrace_cleaner@127.0.0.1:").endsWith("/lake");
        connect(catalog, "millrace_cleaner", cleaner.get("PGPASSWORD"));

        assertThat(environment(folder.resolve("producer-flights")))
                .containsEntry("AWS_ACCESS_KEY_ID", "flights")
                .doesNotContainKeys("PGPASSWORD", "MILLRACE_LAKE_CATALOG");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        assertThat(run("start", "--servers", "postgres").status).isZero();
        String port = LocalServers.running(working.resolve(".millrace-servers/servers.json"))
                        .postgres()
                        .port()
                + "";

        Run refused = run("start", "--servers", "minio", "--minio-port", port);

        assertThat(refused.status).isEqualTo(1);
        assertThat(refused.output)
                .contains("port " + port)
                .contains("--minio-port")
                .doesNotContain("Traceback");
        assertThat(run("start", "--minio-port", "x").status).isEqualTo(2);
        assertThat(run("start", "--servers", "mino").output).contains("'mino'").contains("seaweedfs");
    }

    private static void connect(String catalog, String user, String password) throws SQLException {
        String url = "jdbc:postgresql://" + catalog.substring(catalog.indexOf('@') + 1);
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    /** As a shell has it that sourced the file and had another role's before. */
    private Map<String, String> environment(Path file) throws IOException, InterruptedException {
        Run env = execute(List.of(
                "env",
                "-i",
                "PGPASSWORD=old",
                "MILLRACE_LAKE_CATALOG=old",
                "sh",
                "-c",
                ". " + file + " && /usr/bin/env"));
        return env.output
                .lines()
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private Run run(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(COMMANDS.resolve(command).toString()));
        line.addAll(Arrays.asList(arguments));
        return execute(line);
    }

    private Run execute(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(working.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), output);
    }

    private record Run(int status, String output) {}
}
