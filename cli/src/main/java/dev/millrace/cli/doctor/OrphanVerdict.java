package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Judges how the last removal of orphans ended. */
final class OrphanVerdict {
    /**
     * A removal, as the run table tells of it.
     *
     * @param error why nothing was deleted, and what to do
     */
    record Removal(Instant startedAt, long files, long bytes, Optional<String> error) {}

    private OrphanVerdict() {}

    static Finding of(Optional<Removal> last, Instant now) {
        return last.map(removal -> of(removal, Duration.between(removal.startedAt(), now)))
                .orElseGet(() -> Finding.ok("not looked for yet"));
    }

    private static Finding of(Removal removal, Duration age) {
        String lookedFor = "looked for " + Quantity.age(age) + " ago: ";
        return removal.error()
                .map(error -> Finding.warning(
                        lookedFor + error,
                        "see 'Orphans' in docs/operations.md for what may be wrong and what deletes them"))
                .orElseGet(() -> Finding.ok(lookedFor + Quantity.of(removal.files(), "orphan") + " ("
                        + Quantity.bytes(removal.bytes()) + ") deleted"));
    }
}
