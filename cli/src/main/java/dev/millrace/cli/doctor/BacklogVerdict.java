package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.ingester.Backlog;
import dev.millrace.schemas.DatasetName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges what waits in the staging area. */
final class BacklogVerdict {
    /** The files of one dataset that the ledger does not know. */
    record Waiting(DatasetName dataset, Backlog backlog) {
        Duration age(Instant now) {
            return backlog.oldest().map(oldest -> Duration.between(oldest, now)).orElse(Duration.ZERO);
        }
    }

    private BacklogVerdict() {}

    /**
     * From when on a waiting file is worth a warning, if nobody says otherwise. The longest that a file waits for good reasons: a run
     * died on another host just after it had taken the lease, the next one takes as long again, and an unreadable file is
     * left to settle.
     */
    static Duration standardWarnAfter(Duration lease, Duration settle) {
        return lease.multipliedBy(2).plus(settle);
    }

    static Finding of(List<Waiting> datasets, Duration warnAfter, Instant now) {
        long files = 0;
        long bytes = 0;
        Duration oldest = Duration.ZERO;
        List<Item> items = new ArrayList<>();
        for (Waiting waiting : datasets) {
            if (waiting.backlog().files() == 0) {
                continue;
            }
            Duration age = waiting.age(now);
            files += waiting.backlog().files();
            bytes += waiting.backlog().bytes();
            oldest = age.compareTo(oldest) > 0 ? age : oldest;
            items.add(new Item(
                    waiting.dataset().toString(),
                    age.compareTo(warnAfter) > 0 ? Status.WARNING : Status.OK,
                    text(waiting.backlog().files(), waiting.backlog().bytes(), age),
                    Map.of(
                            "files", waiting.backlog().files(),
                            "bytes", waiting.backlog().bytes(),
                            "oldestSeconds", age.toSeconds())));
        }
        if (items.isEmpty()) {
            return Finding.ok("nothing waits");
        }
        boolean late = oldest.compareTo(warnAfter) > 0;
        return Finding.of(
                        late ? Status.WARNING : Status.OK,
                        text(files, bytes, oldest) + (late ? ", more than " + Quantity.age(warnAfter) : ""),
                        "run 'millrace ingest' and read what it says; where a scheduler runs it, see whether it still does."
                                + " Where it runs more rarely, give --max-wait")
                .withItems(items);
    }

    private static String text(long files, long bytes, Duration age) {
        return Quantity.of(files, "file") + " (" + Quantity.bytes(bytes) + ") waiting, the oldest for "
                + Quantity.age(age.isNegative() ? Duration.ZERO : age);
    }
}
