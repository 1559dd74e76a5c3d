package dev.millrace.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges how near connections are to their limits. */
final class ConnectionsVerdict {
    private static final double WARN_FROM = 0.8;

    /** Connections used, and those allowed to ordinary users; a negative limit is none. */
    record Use(long used, long allowed) {
        boolean isLimited() {
            return allowed >= 0;
        }

        double share() {
            return !isLimited() ? 0 : allowed == 0 ? 1 : (double) used / allowed;
        }

        Status status() {
            return share() >= 1 ? Status.FAILED : share() >= WARN_FROM ? Status.WARNING : Status.OK;
        }

        @Override
        public String toString() {
            return used + " of " + allowed;
        }
    }

    /** The use of the three limits there are. */
    record Seen(Use server, Use database, Use user) {}

    private ConnectionsVerdict() {}

    static Finding of(Seen seen) {
        Status worst = Status.OK;
        List<Item> items = new ArrayList<>();
        for (Map.Entry<String, Use> entry :
                List.of(Map.entry("this database", seen.database()), Map.entry("this user", seen.user()))) {
            Use use = entry.getValue();
            if (use.isLimited()) {
                worst = worst.worse(use.status());
                items.add(new Item(
                        entry.getKey(),
                        use.status(),
                        use + " connections",
                        Map.of("used", use.used(), "allowed", use.allowed())));
            }
        }
        return Finding.of(
                        worst.worse(seen.server().status()),
                        seen.server() + " connections used",
                        "end clients that do nothing (see 'sessions'), use a connection pooler, or raise the limit:"
                                + " without a free one nothing can be committed")
                .withItems(items);
    }
}
