package dev.millrace.cli.doctor;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The result of the whole examination: all checks in the order of the output. */
public record Diagnosis(Verdict verdict, Duration elapsed, List<Examined> checks) {
    public Diagnosis {
        checks = List.copyOf(checks);
    }

    static Diagnosis of(Duration elapsed, List<Examined> checks) {
        return new Diagnosis(
                Verdict.of(checks.stream().map(c -> c.finding().status()).toList()), elapsed, checks);
    }

    Diagnosis rewritten(UnaryOperator<String> text) {
        return new Diagnosis(
                verdict,
                elapsed,
                checks.stream()
                        .map(c -> new Examined(c.group(), c.check(), c.finding().rewritten(text), c.elapsed()))
                        .toList());
    }

    /** How many checks ended so. */
    public long count(Status status) {
        return checks.stream().filter(c -> c.finding().status() == status).count();
    }
}
