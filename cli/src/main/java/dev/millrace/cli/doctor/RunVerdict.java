package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Judges how runs ended. */
final class RunVerdict {
    private static final Set<String> BAD_OUTCOMES = Set.of("failed", "died");

    /** The last run of an activity on a dataset, as the run table tells of it. */
    record LastRun(DatasetName dataset, String activity, String outcome, Instant startedAt, Optional<String> error) {
        Status status() {
            return BAD_OUTCOMES.contains(outcome) ? Status.WARNING : Status.OK;
        }
    }

    private RunVerdict() {}

    static Finding of(List<LastRun> runs, Instant now) {
        if (runs.isEmpty()) {
            return Finding.ok("nothing was ever ingested");
        }
        List<Item> items = runs.stream()
                .map(run -> new Item(
                        run.dataset() + ", " + run.activity(),
                        run.status(),
                        run.outcome() + ", begun " + Quantity.age(Duration.between(run.startedAt(), now)) + " ago"
                                + run.error().map(error -> ": " + error).orElse(""),
                        Map.of(
                                "begunSeconds",
                                Duration.between(run.startedAt(), now).toSeconds())))
                .toList();
        long bad = runs.stream().filter(run -> run.status() == Status.WARNING).count();
        return Finding.of(
                        bad > 0 ? Status.WARNING : Status.OK,
                        bad > 0
                                ? Quantity.of(bad, "last run") + " failed or died"
                                : "the last run of each dataset ended well",
                        "run the same command by hand and read what it says")
                .withItems(items);
    }
}
