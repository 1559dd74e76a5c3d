package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that the weather of the examples, staged as its README says, is in the lake with the totals known of it. */
@Tag("slow")
@Tag("stand")
class WeatherExampleTest {
    @TempDir
    Path folder;

    @Test
    void theKnownTotalsAreInTheLake() throws IOException {
        for (String file : new String[] {"contracts/weather.yaml", "contracts/weather.avsc", "data/weather.csv.gz"}) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream in = WeatherExampleTest.class.getResourceAsStream("/nyc-flights/" + file)) {
                Files.copy(in, target);
            }
        }
        assertThat(CommandRun.of(folder, "init").exitCode()).isZero();
        CommandRun stage = CommandRun.of(
                folder,
                "stage",
                "weather",
                "data/weather.csv.gz",
                "--null-value",
                "NA",
                "--null-value",
                "",
                "--set",
                "observed_date={year}-{month}-{day}");
        assertThat(stage.exitCode()).as(stage.err()).isZero();
        assertThat(CommandRun.of(folder, "ingest").exitCode()).isZero();
        CommandRun totals = CommandRun.of(folder, "sql", "--json", """
                SELECT count(*), count(wind_gust), count(DISTINCT observed_date), min(time_hour)::VARCHAR,
                    count(DISTINCT (origin, time_hour)) = count(*)
                FROM weather
                """);
        assertThat(totals.out()).contains("[\"26115\",\"5337\",\"364\",\"2013-01-01 06:00:00+00\",\"true\"]");
    }
}
