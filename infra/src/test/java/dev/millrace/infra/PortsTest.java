package dev.millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a folder of servers keeps its ports while its servers do not run, and gives them back when it is removed. */
@Tag("slow")
class PortsTest {
    private static final String THREE_PORTS = """
            import sys
            from pathlib import Path
            import ports
            first = next(p for p in range(31000, 31900) if all(map(ports.is_free, range(p, p + 3))))
            ports.RANGE = range(first, first + 3)
            one, other = Path("one"), Path("other")
            """;

    @TempDir
    private Path working;

    @Test
    void noOtherFolderIsGivenThePortOfAStoppedServer() throws Exception {
        Files.createDirectories(working.resolve("one"));
        Files.createDirectories(working.resolve("other"));

        assertThat(python("""
                        ones = ports.of_folder(one, {"a": None, "b": None})
                        others = ports.of_folder(other, {"c": None})
                        print(sorted([*ones.values(), *others.values()]) == list(ports.RANGE))
                        print(ports.of_folder(one, ones) == ones)
                        try:
                            ports.of_folder(other, {"d": None})
                        except Exception as failure:
                            print(failure)
                        one.rmdir()
                        print(ports.of_folder(other, {"d": None})["d"] in ones.values())
                        """))
                .matches(
                        "True\nTrue\nno free port between \\d+ and \\d+ on 127.0.0.1: remove folders of servers.*\nTrue\n");
    }

    @Test
    void aRegisterThatCannotBeReadIsBegunAnew() throws Exception {
        Files.createDirectories(working.resolve("one"));
        Path register = Files.createDirectories(working.resolve("cache/ports")).resolve("ports.json");
        for (String broken : new String[] {"{\"2000", "[]", "{\"20000\": 1}", "null"}) {
            Files.writeString(register, broken);
            assertThat(python("print(ports.of_folder(one, {'a': None})['a'] in ports.RANGE)"))
                    .as(broken)
                    .isEqualTo("True\n");
        }
    }

    private String python(String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("python3", "-c", THREE_PORTS + script).directory(working.toFile());
        builder.environment()
                .put("PYTHONPATH", Path.of("local").toAbsolutePath().toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("MILLRACE_CACHE", working.resolve("cache").toString());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
