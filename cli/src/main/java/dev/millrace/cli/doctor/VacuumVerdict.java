package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges dead rows: autovacuum, at its defaults, clears them away when they are a fifth of the live ones. */
final class VacuumVerdict {
    private static final long WARN_FROM_DEAD = 10_000;
    /** Far more than autovacuum leaves when it keeps up. */
    private static final double WARN_FROM_SHARE = 0.5;

    /** A table with its rows as the statistics count them. */
    record Table(String name, long live, long dead, Optional<Instant> vacuumed) {
        double deadShare() {
            return live + dead == 0 ? 0 : (double) dead / (live + dead);
        }

        boolean isBloated() {
            return dead >= WARN_FROM_DEAD && deadShare() >= WARN_FROM_SHARE;
        }
    }

    private VacuumVerdict() {}

    static Finding of(boolean autovacuum, List<Table> tables, Instant now) {
        List<Item> items = tables.stream()
                .filter(Table::isBloated)
                .map(table -> new Item(
                        table.name(),
                        Status.WARNING,
                        Quantity.of(table.dead(), "dead row") + ", " + Math.round(table.deadShare() * 100)
                                + " % of all, last vacuum "
                                + table.vacuumed()
                                        .map(time -> Quantity.age(Duration.between(time, now)) + " ago")
                                        .orElse("never"),
                        Map.of("dead", table.dead(), "live", table.live())))
                .toList();
        if (!items.isEmpty()) {
            return Finding.warning(
                            Quantity.of(items.size(), "table") + " full of dead rows",
                            "end sessions with long transactions first (see 'sessions'), then, as the tables' owner: VACUUM"
                                    + " (ANALYZE) " + items.get(0).subject())
                    .withItems(items);
        }
        if (!autovacuum) {
            return Finding.warning(
                    "autovacuum is off",
                    "switch autovacuum and track_counts on: every commit leaves dead rows in the catalog");
        }
        long dead = tables.stream().mapToLong(Table::dead).sum();
        Optional<Instant> last =
                tables.stream().flatMap(t -> t.vacuumed().stream()).max(Instant::compareTo);
        return Finding.ok(
                Quantity.of(dead, "dead row") + " in " + Quantity.of(tables.size(), "table") + ", last vacuum "
                        + last.map(time -> Quantity.age(Duration.between(time, now)) + " ago")
                                .orElse("never"));
    }
}
