package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import dev.millrace.lake.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges leases that are held. */
final class LeaseVerdict {
    /** A lease, and whether its holder's process is known to be gone. */
    record Held(HeldLease lease, boolean holderIsDead) {
        boolean isAbandoned(Instant now) {
            return holderIsDead || !lease.expiresAt().isAfter(now);
        }
    }

    private LeaseVerdict() {}

    static Finding of(List<Held> leases, Instant now) {
        if (leases.isEmpty()) {
            return Finding.ok("nobody holds one");
        }
        List<Item> items = new ArrayList<>();
        for (Held held : leases) {
            items.add(new Item(
                    held.lease().dataset() + ", " + held.lease().activity().word(),
                    held.isAbandoned(now) ? Status.WARNING : Status.OK,
                    text(held, now),
                    Map.of(
                            "heldSeconds",
                            Duration.between(held.lease().takenAt(), now).toSeconds(),
                            "deaths",
                            (long) held.lease().deaths())));
        }
        long abandoned = leases.stream().filter(held -> held.isAbandoned(now)).count();
        return Finding.of(
                        abandoned > 0 ? Status.WARNING : Status.OK,
                        Quantity.of(leases.size(), "lease") + " held"
                                + (abandoned > 0
                                        ? ", " + Quantity.count(abandoned) + " of them by runs that died"
                                        : ""),
                        "nothing has to be repaired: the next run of the same kind takes it over. If none comes, see whether the"
                                + " scheduler still runs")
                .withItems(items);
    }

    private static String text(Held held, Instant now) {
        Instant expiresAt = held.lease().expiresAt();
        String text = "held by " + held.lease().holder() + " for "
                + Quantity.age(Duration.between(held.lease().takenAt(), now)) + ", "
                + (expiresAt.isAfter(now)
                        ? "expires in " + Quantity.age(Duration.between(now, expiresAt))
                        : "expired " + Quantity.age(Duration.between(expiresAt, now)) + " ago");
        return text
                + (held.holderIsDead() ? "; its process is gone" : "")
                + (held.lease().deaths() > 0
                        ? "; the " + Quantity.of(held.lease().deaths(), "run") + " before it died as well"
                        : "");
    }
}
