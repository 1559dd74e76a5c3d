package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Proves that the servers end with whom they were started for, however that ends, and leave no process and no file. */
@Tag("slow")
class NothingIsLeftTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void whenTheyAreClosed() throws IOException {
        Traces traces;
        try (LocalServers servers = LocalServers.start(EnumSet.allOf(Server.class))) {
            Path stateFile = HeldServers.stateFile(servers);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stateFile)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stateFile.getParent())))
                    .matches("rwx--[-x]--[-x]");
            traces = Traces.of(stateFile);
            // MinIO, SeaweedFS, and PostgreSQL with its workers.
            assertThat(traces.processes()).hasSizeGreaterThan(5);
            assertThat(secretsInCommandLines(stateFile)).isEmpty();
        }
        assertThat(traces.left()).isEmpty();
    }

    @Test
    void whenTheyWereKilledAndFrozenBefore() throws IOException {
        Traces traces;
        try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES))) {
            servers.kill(Server.POSTGRES);
            servers.start(Server.POSTGRES);
            traces = Traces.of(HeldServers.stateFile(servers));
            servers.pause(Server.MINIO);
            servers.pause(Server.POSTGRES);
        }
        assertThat(traces.left()).isEmpty();
    }

    /** The same from the jar, whose scripts have to be unpacked first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenTheJvmThatHoldsThemIsKilled(boolean packed) throws IOException, InterruptedException {
        List<Path> before = Traces.temporaryFolders();
        Process jvm = holdInAnotherJvm(packed);
        Traces traces;
        try (BufferedReader output = jvm.inputReader()) {
            traces = Traces.of(Path.of(output.readLine()));
        } finally {
            jvm.destroyForcibly();
        }
        assertThat(jvm.waitFor(10, TimeUnit.SECONDS)).isTrue();

        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(traces.left())
                .isEmpty());
        Awaitility.await().atMost(PATIENCE).until(() -> before.containsAll(Traces.temporaryFolders()));
    }

    @Test
    void whenTheProcessThatHoldsThemIsKilledItself() throws IOException {
        try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO, Server.POSTGRES))) {
            Traces traces = Traces.of(HeldServers.stateFile(servers));
            HeldServers.holder(traces).destroyForcibly();

            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(traces.left())
                    .isEmpty());
        }
    }

    @Test
    void exceptTheDataInAFolderThatWasGiven(@TempDir Path folder) throws IOException {
        Path kept = folder.resolve("servers");
        ObjectStoreServer before;
        try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO), kept);
                S3Client admin = S3Clients.of(servers.minio(), servers.minio().admin())) {
            before = servers.minio();
            admin.putObject(b -> b.bucket("lake").key("kept"), RequestBody.fromString("1"));
            assertThatThrownBy(() -> LocalServers.start(EnumSet.of(Server.MINIO), kept))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining(kept.toString());
        }
        try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO), kept);
                S3Client admin = S3Clients.of(before, before.admin())) {
            assertThat(servers.minio()).isEqualTo(before);
            assertThat(admin.getObjectAsBytes(b -> b.bucket("lake").key("kept")).asUtf8String())
                    .isEqualTo("1");
        }
    }

    @Test
    void andWhoComesMeanwhileWaitsForIt(@TempDir Path folder) throws IOException {
        Path kept = folder.resolve("servers");
        LocalServers killed = LocalServers.start(EnumSet.of(Server.MINIO), kept);
        try (killed) {
            HeldServers.holder(Traces.of(HeldServers.stateFile(killed))).destroyForcibly();
            try (LocalServers servers = LocalServers.start(EnumSet.of(Server.MINIO), kept)) {
                assertThat(servers.minio()).isEqualTo(killed.minio());
            }
        }
    }

    private static Process holdInAnotherJvm(boolean packed) throws IOException {
        String classPath = System.getProperty("java.class.path");
        if (packed) {
            Path classes = Path.of("target", "classes").toAbsolutePath();
            Path jar = jar();
            classPath = Arrays.stream(classPath.split(File.pathSeparator))
                    .map(entry -> Path.of(entry).equals(classes) ? jar.toString() : entry)
                    .collect(Collectors.joining(File.pathSeparator));
            assertThat(classPath).contains(jar.toString());
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", classPath, HeldServers.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target").toAbsolutePath())) {
            return files.filter(file -> file.getFileName().toString().matches("millrace-infra-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<String> secretsInCommandLines(Path stateFile) throws IOException {
        String state = Files.readString(stateFile);
        List<String> secrets = Stream.of("secretKey", "password")
                .flatMap(name -> Stream.of(state.split("\"" + name + "\": \""))
                        .skip(1)
                        .map(rest -> rest.substring(0, rest.indexOf('"'))))
                .collect(Collectors.toList());
        assertThat(secrets).hasSizeGreaterThan(7);
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> secrets.stream().anyMatch(line::contains))
                .collect(Collectors.toList());
    }
}
