package dev.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.cli.doctor.Diagnosis;
import dev.millrace.cli.doctor.Examined;
import dev.millrace.cli.doctor.Finding;
import dev.millrace.cli.doctor.Item;
import dev.millrace.cli.doctor.Status;
import dev.millrace.cli.doctor.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Proves what a diagnosis looks like: one line a check, what to do below it, colours only where they are wanted. */
class DiagnosisTextTest {
    private static final Diagnosis DIAGNOSIS = new Diagnosis(
            Verdict.BROKEN,
            Duration.ofMillis(1_234),
            List.of(
                    examined("staging area", "list", Status.OK, Optional.empty(), 3),
                    examined("staging area", "write", Status.FAILED, Optional.of("make it writable"), 12_345),
                    examined("work", "backlog", Status.SKIPPED, Optional.empty(), 0)));

    private static Examined examined(String group, String check, Status status, Optional<String> remedy, long millis) {
        List<Item> items =
                status == Status.FAILED ? List.of(new Item("trips", Status.FAILED, "50 % off", Map.of())) : List.of();
        return new Examined(group, check, new Finding(status, "seen @|x|@", remedy, items), Duration.ofMillis(millis));
    }

    private static String text(boolean coloured) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DiagnosisText(DIAGNOSIS, coloured).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void columnsStandBelowEachOther() {
        assertThat(text(false)).isEqualTo("""
                staging area
                  ok       list         3 ms  seen @|x|@
                  failed   write      12.3 s  seen @|x|@
                                              failed trips: 50 % off
                                              -> make it writable
                work
                  skipped  backlog         -  seen @|x|@
                broken: 1 ok, 1 failed, 1 skipped; 1234 ms
                """);
    }

    @Test
    void coloursAreForTerminals() {
        assertThat(text(false)).doesNotContain("\u001b");
        assertThat(text(true)).contains("\u001b[32mok").contains("seen @|x|@");
    }
}
