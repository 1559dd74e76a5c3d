package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;

/** What {@code doctor --json} said, for looking up single checks. */
record Diagnosed(int exitCode, JsonNode json) {
    private static final JsonMapper JSON = new JsonMapper();

    static Diagnosed of(CommandRun run) throws IOException {
        assertThat(run.err()).isEmpty();
        return new Diagnosed(run.exitCode(), JSON.readTree(run.out()));
    }

    JsonNode check(String group, String name) {
        return StreamSupport.stream(json.get("checks").spliterator(), false)
                .filter(check -> check.get("group").asText().equals(group)
                        && check.get("check").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no check " + group + ": " + name + " in " + json));
    }

    void assertFinding(String group, String name, String status, String... words) {
        JsonNode check = check(group, name);
        assertThat(check.get("status").asText()).as(check.toString()).isEqualTo(status);
        assertThat(check.toString()).satisfies(text -> List.of(words)
                .forEach(word -> assertThat(text).contains(word)));
        assertThat(check.get("remedy").isNull())
                .as("a remedy in " + check)
                .isEqualTo(!status.equals("failed") && !status.equals("warning"));
    }

    void assertVerdict(String verdict, ExitCode code) {
        assertThat(json.get("verdict").asText()).as(json.toString()).isEqualTo(verdict);
        assertThat(exitCode).isEqualTo(code.code());
    }
}
