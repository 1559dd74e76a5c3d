package dev.millrace.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.lake.LogContext;
import dev.millrace.schemas.DatasetName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proves that an event is one line, for people and as JSON, that says what it is about and keeps secrets to itself. */
class EventLogTest {
    private static final Instant AT = Instant.parse("2026-01-05T10:00:00.123456Z");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final EventLog log = new EventLog(
            new PrintStream(written, true, StandardCharsets.UTF_8),
            Clock.fixed(AT, ZoneOffset.UTC),
            SecretValues.of(Map.of("PGPASSWORD", "canary-of-a-password")));

    @AfterEach
    void forget() {
        LogContext.clear();
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private JsonNode json() throws IOException {
        assertThat(text()).hasLineCount(1);
        return new JsonMapper().readTree(text());
    }

    private static void about(String dataset, Runnable work) {
        LogContext.about(DatasetName.parse(dataset), () -> {
            work.run();
            return true;
        });
    }

    @Test
    void forPeopleTheDatasetStandsAtTheEnd() {
        about("trips", () -> log.lines(LogLevel.WARN).println("millrace: quarantined a file"));
        log.notice("over");

        assertThat(text()).isEqualTo("millrace: quarantined a file [dataset=trips]\nmillrace: over\n");
    }

    @Test
    void aProcessThatGoesOnHasTheTime() {
        log.process("serve");
        log.lines(LogLevel.INFO, "ingest").println("millrace: all is well");
        log.logged(LogLevel.WARN, "the catalog is away", Optional.empty());

        assertThat(text()).isEqualTo("""
            2026-01-05T10:00:00.123Z ingest: all is well
            2026-01-05T10:00:00.123Z serve: the catalog is away
            """);
    }

    @Test
    void asJsonEachPartHasItsName() throws IOException {
        log.format(LogFormat.JSON);
        log.command("ingest");
        about("trips", () -> EventLog.failure(log.lines(LogLevel.WARN), "the lake said:\n  \"no\""));

        assertThat(json())
                .hasToString("{\"time\":\"2026-01-05T10:00:00.123Z\",\"level\":\"error\","
                        + "\"command\":\"ingest\",\"dataset\":\"trips\",\"message\":\"the lake said: \\\"no\\\"\"}");
    }

    @Test
    void aStackIsPartOfItsEvent() throws IOException {
        log.format(LogFormat.JSON);
        log.failure("it failed", Optional.of(new IllegalStateException("no")));

        assertThat(json().get("stack").asText()).contains("IllegalStateException: no", "EventLogTest");
    }

    @Test
    void whatIsSaidOfAFailureAfterItIsStillAboutTheDataset() throws IOException {
        log.format(LogFormat.JSON);
        try {
            about("trips", () -> {
                throw new IllegalStateException("no");
            });
        } catch (IllegalStateException e) {
            log.failure(e.getMessage(), Optional.empty());
        }

        assertThat(json().get("dataset").asText()).isEqualTo("trips");
    }

    @Test
    void ofTheLayersBelowOnlyWhatIsGraveEnough() {
        log.logged(LogLevel.INFO, "begins", Optional.empty());
        assertThat(text()).isEmpty();

        log.level(LogLevel.INFO);
        log.logged(LogLevel.INFO, "begins", Optional.empty());
        assertThat(text()).isEqualTo("millrace: begins\n");
    }

    @Test
    void noSecretOfTheEnvironmentIsWritten() {
        log.notice("canary-of-a-password was refused");
        log.format(LogFormat.JSON);
        log.failure("no", Optional.of(new IllegalStateException("canary-of-a-password")));

        assertThat(text()).contains("*** was refused").doesNotContain("canary");
    }
}
