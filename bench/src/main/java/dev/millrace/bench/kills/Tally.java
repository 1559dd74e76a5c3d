package dev.millrace.bench.kills;

import dev.millrace.bench.oracle.Verdict;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the rounds of one fault came to.
 *
 * @param struck how often the fault happened in them
 * @param findings a sentence for each mistake, with what repeats it
 */
record Tally(
        String fault,
        int rounds,
        int struck,
        long lost,
        long doubled,
        long dangling,
        long wronglyDeleted,
        List<String> findings) {
    Tally {
        findings = List.copyOf(findings);
    }

    static Tally none(String fault) {
        return new Tally(fault, 0, 0, 0, 0, 0, 0, List.of());
    }

    Tally plus(int struckToo, Verdict verdict, List<String> more) {
        return plus(new Tally(
                fault,
                1,
                struckToo,
                verdict.lost(),
                verdict.doubled(),
                verdict.dangling() + verdict.wronglySized(),
                verdict.wronglyDeleted(),
                more));
    }

    Tally plus(Tally other) {
        return new Tally(
                fault,
                rounds + other.rounds,
                struck + other.struck,
                lost + other.lost,
                doubled + other.doubled,
                dangling + other.dangling,
                wronglyDeleted + other.wronglyDeleted,
                Stream.concat(findings.stream(), other.findings.stream()).toList());
    }

    /** The heading of {@link #toLine()}. */
    static String heading() {
        return "%-26s %7s %7s %7s %8s %9s %16s"
                .formatted("fault", "rounds", "struck", "lost", "doubled", "dangling", "wrong deletions");
    }

    String toLine() {
        return "%-26s %7d %7d %7d %8d %9d %16d"
                .formatted(fault, rounds, struck, lost, doubled, dangling, wronglyDeleted);
    }
}
