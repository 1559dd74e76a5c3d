package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.millrace.cli.config.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that the files for schedulers start the commands that there are, never two at once, and know exit code 75. */
class SchedulersTest {
    private static final Path SCHEDULERS = Path.of("..", "infra", "schedulers");
    private static final String HELD = Integer.toString(ExitCode.TRY_AGAIN_LATER.code());

    private static List<JsonNode> documents(String name) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        return yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(new YAMLFactory()
                        .createParser(Files.readString(
                                SCHEDULERS.resolve("kubernetes").resolve(name))))
                .readAll();
    }

    @Test
    void theCrontabStartsBothJobs() throws IOException {
        List<String> lines = Files.readAllLines(SCHEDULERS.resolve("millrace.crontab")).stream()
                .filter(line -> line.matches("[0-9*].*"))
                .toList();

        assertThat(lines).hasSize(2);
        for (String line : lines) {
            String[] fields = line.split(" +", 6);
            Schedule schedule = Schedule.parse(String.join(" ", List.of(fields).subList(0, 5)));
            assertThat(schedule.next(Optional.empty(), Instant.EPOCH)).isPresent();
            assertThat(fields[5]).startsWith("flock -n -E " + HELD).containsPattern("millrace (ingest|compact) ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "compact"})
    void theUnitsOfATimerTakeAHeldDatasetForNoFailure(String job) throws IOException {
        Path folder = SCHEDULERS.resolve("systemd");

        assertThat(Files.readAllLines(folder.resolve("millrace-" + job + ".service")))
                .contains("Type=oneshot", "ExecStart=/usr/local/bin/millrace " + job, "SuccessExitStatus=" + HELD);
        assertThat(Files.readString(folder.resolve("millrace-" + job + ".timer")))
                .contains("OnCalendar=");
    }

    @Test
    void theUnitOfServeIsNotStartedAgainOnAWrongConfiguration() throws IOException {
        assertThat(Files.readAllLines(SCHEDULERS.resolve("systemd/millrace-serve.service")))
                .contains(
                        "ExecStart=/usr/local/bin/millrace serve",
                        "RestartPreventExitStatus=" + ExitCode.USAGE.code(),
                        "TimeoutStopSec=60s");
    }

    @Test
    void theCronJobsForbidTwoAtOnce() throws IOException {
        List<JsonNode> jobs = documents("cronjobs.yaml");

        assertThat(jobs).hasSize(2).allSatisfy(job -> {
            assertThat(job.get("kind").asText()).isEqualTo("CronJob");
            assertThat(job.at("/spec/concurrencyPolicy").asText()).isEqualTo("Forbid");
            assertThat(Schedule.parse(job.at("/spec/schedule").asText()).next(Optional.empty(), Instant.EPOCH))
                    .isPresent();
            assertThat(job.at("/spec/jobTemplate/spec/backoffLimit").asInt()).isZero();
            assertThat(job.at("/spec/jobTemplate/spec/template/spec/containers/0/command/2")
                            .asText())
                    .containsPattern("millrace (ingest|compact);")
                    .contains("-eq " + HELD);
        });
        JsonNode probes = documents("serve.yaml").get(0).at("/spec/template/spec/containers/0");
        assertThat(probes.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/health/live");
        assertThat(probes.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
    }
}
