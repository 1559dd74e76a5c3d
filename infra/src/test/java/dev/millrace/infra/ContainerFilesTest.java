package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Proves that the container files agree with the rest: the versions, and the names of secrets. */
class ContainerFilesTest {
    private static final Path INFRA = Path.of("").toAbsolutePath();

    @Test
    void containersRunTheVersionsThatTheTestsRun() throws IOException {
        Properties versions = new Properties();
        try (InputStream in = LocalServers.class.getResourceAsStream("local/versions.properties")) {
            versions.load(in);
        }
        assertThat(Files.readString(INFRA.resolve("Dockerfile")))
                .contains("ARG MINIO_VERSION=" + versions.getProperty("minio") + "\n")
                .contains("ARG MC_VERSION=" + versions.getProperty("mc") + "\n");
        String major = versions.getProperty("postgres").split("\\.", 2)[0];
        assertThat(Files.readString(INFRA.resolve("compose.yaml"))).contains("image: postgres:" + major + "\n");
    }

    @Test
    void newSecretsAreAllThatTheComposeFileAsksFor() throws IOException {
        Process process = new ProcessBuilder(INFRA.resolve("new-secrets").toString(), "readings").start();
        String made = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(made.lines())
                .allMatch(line -> line.matches("[A-Z_]+_SECRET=[\\w-]{32}|PRODUCERS='readings=[\\w-]{32}'"));
        assertThat(made.lines()
                        .map(line -> line.substring(0, line.indexOf('=')))
                        .collect(Collectors.toList()))
                .containsExactlyInAnyOrderElementsOf(Pattern.compile("\\$\\{([A-Z_]+_SECRET|PRODUCERS)\\b")
                        .matcher(Files.readString(INFRA.resolve("compose.yaml")))
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }
}
