package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.cli.config.DurationText;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays a day of {@code millrace serve}: producers of different speeds, one that stops at ten, a file that is no Parquet at noon and that an
 * operator drops at four, and a catalog that is away from six to a quarter to seven. Proves that page, health, runs and alerts tell of all
 * of it and of nothing else, and that no row is lost.
 *
 * <p>In the build a step is two hours. With {@code -Dmillrace.day.step=30m}, or shorter ones, the alert rules are judged by a {@code promtool}
 * on the PATH. {@code -Dmillrace.day.pictures=FOLDER} has a Chromium take pictures of the page.
 */
@Tag("slow")
class DayOfOperationTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration STEP = DurationText.parse(System.getProperty("millrace.day.step", "2h"));
    private static final Optional<Path> PICTURES =
            Optional.ofNullable(System.getProperty("millrace.day.pictures")).map(Path::of);
    private static final Path ALERTS = Path.of("../infra/prometheus/alerts.yaml");

    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final Duration PRODUCER_STOPS = Duration.ofHours(10);
    private static final Duration POISON = Duration.ofHours(12);
    private static final Duration POISON_DROPPED = Duration.ofHours(16);
    private static final Duration OUTAGE = Duration.ofHours(18);
    private static final Duration OUTAGE_ENDS = OUTAGE.plusMinutes(45);

    @TempDir
    Path folder;

    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final AlertTimeline alerts = new AlertTimeline(ALERTS, STEP);

    /** What is seen at some times, to be looked at afterwards. */
    private final List<String> story = new ArrayList<>();

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void itsStoryIsTold() throws Exception {
        Instant begin = Instant.now().minus(DAY).truncatedTo(ChronoUnit.MINUTES);
        try (PlayedDay day = new PlayedDay(
                folder,
                List.of("invoices", "orders", "sensors"),
                begin,
                ingestEvery().toMinutes() + "m")) {
            for (Duration time = STEP; time.compareTo(DAY) <= 0; time = time.plus(STEP)) {
                step(day, time);
            }
            day.turnTo(DAY.plus(STEP));
            await().atMost(CommandProcess.SOON)
                    .untilAsserted(() -> assertThat(loaded(day)).isEqualTo(rows));
            assertRunsTellOfIt(day);
            assertThat(day.millrace("audit").out()).doesNotContain("does not hold");
            assertThat(day.log()).contains("quarantined sensors/somebody/poison.parquet", "can't be looked at");
        }
        judgeAlerts();
        story.forEach(System.out::println);
    }

    private static Duration ingestEvery() {
        return STEP.compareTo(Duration.ofMinutes(5)) > 0 ? STEP : Duration.ofMinutes(5);
    }

    private static boolean isAt(Duration time, Duration event) {
        return time.compareTo(event) >= 0 && time.minus(STEP).compareTo(event) < 0;
    }

    private static boolean isEach(Duration time, Duration interval) {
        return time.toMinutes() % Math.max(interval.toMinutes(), STEP.toMinutes()) == 0;
    }

    private void step(PlayedDay day, Duration time) throws Exception {
        produce(day, time);
        if (isAt(time, POISON)) {
            day.poison("sensors");
        }
        if (isAt(time, POISON_DROPPED)) {
            day.millrace("quarantine", "drop", "--all", "--yes");
        }
        if (isAt(time, OUTAGE)) {
            day.stopCatalog();
        }
        if (isAt(time, OUTAGE_ENDS)) {
            day.startCatalog();
        }
        double ingests = day.ingests();
        day.turnTo(time);
        // Also those that find no catalog: one that began at a later minute would put off the next one.
        if (isEach(time, ingestEvery())) {
            day.awaitIngests(ingests + 1);
        }
        // What was seen beside the ingest is of before it.
        day.turnTo(time.plus(LOOK));
        alerts.scraped(day.get("/metrics"));
        look(day, time);
    }

    private void produce(PlayedDay day, Duration time) {
        if (isEach(time, Duration.ofMinutes(5))) {
            stage(day, "orders", 200);
        }
        if (isEach(time, Duration.ofHours(1))) {
            stage(day, "sensors", 1_000);
        }
        if (isEach(time, Duration.ofHours(2)) && time.compareTo(PRODUCER_STOPS) <= 0) {
            stage(day, "invoices", 10);
        }
    }

    private void stage(PlayedDay day, String dataset, int count) {
        day.stage(dataset, count);
        rows.merge(dataset, (long) count, Long::sum);
    }

    /** What page, health and alerts have to say at some times. */
    private void look(PlayedDay day, Duration time) throws Exception {
        if (isAt(time, Duration.ofHours(8))) {
            tell(day, time, "all is well", true, Map.of());
        }
        if (isAt(time, POISON.plusMinutes(60))) {
            tell(day, time, "poison.parquet", true, Map.of("MillraceQuarantine", List.of("sensors")));
        }
        if (isAt(time, Duration.ofHours(17)) && STEP.toHours() <= 1) {
            tell(day, time, "all is well", true, Map.of("MillraceNothingArrives", List.of("invoices")));
        }
        if (isAt(time, STEP.compareTo(Duration.ofMinutes(30)) > 0 ? OUTAGE : OUTAGE.plusMinutes(30))) {
            tell(
                    day,
                    time,
                    "does not answer",
                    false,
                    Map.of(
                            "MillraceNotReady", List.of(),
                            "MillraceNothingArrives", List.of("invoices")));
        }
        if (isAt(time, Duration.ofHours(23))) {
            tell(day, time, "all is well", true, Map.of("MillraceNothingArrives", List.of("invoices")));
        }
    }

    private void tell(PlayedDay day, Duration time, String onThePage, boolean isReady, Map<String, List<String>> firing)
            throws Exception {
        String page = day.get("/");
        String ready = day.get("/health/ready");
        story.add(at(time) + " ready: " + ready + ", alerts: " + firing);
        assertThat(new JsonMapper().readTree(ready).get("ready").asBoolean())
                .as(at(time) + ready)
                .isEqualTo(isReady);
        alerts.expect(time, firing);
        if (PICTURES.isPresent()) {
            takePictures(day, time);
        }
        if (!onThePage.equals("all is well")) {
            assertThat(page).as(at(time)).contains(onThePage);
        }
    }

    private static String at(Duration time) {
        return "%02d:%02d".formatted(time.toHours(), time.toMinutesPart());
    }

    private static Map<String, Long> loaded(PlayedDay day) throws IOException {
        Map<String, Long> loaded = new LinkedHashMap<>();
        for (String dataset : List.of("orders", "sensors", "invoices")) {
            loaded.put(
                    dataset,
                    new JsonMapper()
                            .readTree(day.millrace("sql", "SELECT count(*) FROM " + dataset, "--json")
                                    .out())
                            .at("/rows/0/0")
                            .asLong());
        }
        return loaded;
    }

    private void assertRunsTellOfIt(PlayedDay day) throws IOException {
        String outOfOrder = day.millrace("runs", "--limit", "1000").out();
        JsonNode runs = new JsonMapper()
                .readTree(day.millrace("runs", "--limit", "10000", "--json").out());
        assertThat(runs.findValuesAsText("outcome")).contains("succeeded");
        assertThat(outOfOrder).contains("ingest", "compact", "1 quarantined");
        story.add(outOfOrder.lines().limit(12).reduce("", (a, b) -> a + "\n" + b));
    }

    private void judgeAlerts() throws IOException, InterruptedException {
        Path file = Files.createDirectories(Path.of("target/day")).resolve("alerts-test.yaml");
        alerts.write(file);
        Optional<Path> promtool = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
        // With longer steps an alert may begin and end between two of them.
        if (promtool.isPresent() && STEP.compareTo(Duration.ofMinutes(30)) <= 0) {
            assertThat(AlertTimeline.judged(promtool.orElseThrow(), file)).isEmpty();
            story.add("promtool: the alerts are those that were expected");
        }
    }

    private void takePictures(PlayedDay day, Duration time) throws IOException, InterruptedException {
        Path pictures = Files.createDirectories(PICTURES.orElseThrow());
        picture(day, pictures.resolve(at(time).replace(':', '-') + "-wide.png"), "1400,2600", List.of());
        picture(day, pictures.resolve(at(time).replace(':', '-') + "-phone.png"), "500,4000", List.of());
        picture(
                day,
                pictures.resolve(at(time).replace(':', '-') + "-dark.png"),
                "1400,2600",
                List.of("--blink-settings=preferredColorScheme=0", "--force-dark-mode"));
    }

    private void picture(PlayedDay day, Path file, String size, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=5000",
                "--window-size=" + size,
                "--screenshot=" + file));
        command.addAll(options);
        command.add(day.address("/").toString());
        Process browser = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
}
