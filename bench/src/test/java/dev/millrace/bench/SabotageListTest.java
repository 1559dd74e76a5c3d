package dev.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Proves that each protection that {@code bench/sabotage/run} takes out is still there to be taken out, once, and that the
 * test which has to notice it exists.
 */
class SabotageListTest {
    private static final Path REPOSITORY = Path.of("..");

    static List<JsonNode> protections() throws IOException {
        JsonNode list = new JsonMapper()
                .readTree(REPOSITORY.resolve("bench/sabotage/protections.json").toFile());
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    @ParameterizedTest
    @MethodSource("protections")
    void aProtectionCanBeTakenOut(JsonNode protection) throws IOException {
        String source =
                Files.readString(REPOSITORY.resolve(protection.get("file").asText()));
        assertThat(source).containsOnlyOnce(protection.get("take").asText());

        String[] test = protection.get("test").asText().split("#", 2);
        assertThat(sourceOf(protection.get("module").asText(), test[0])).contains("void " + test[1] + "(");
    }

    private static String sourceOf(String module, String testClass) throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY.resolve(module).resolve("src/test/java"))) {
            return files.filter(file -> file.endsWith(testClass + ".java"))
                    .findFirst()
                    .map(SabotageListTest::read)
                    .orElse("");
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
