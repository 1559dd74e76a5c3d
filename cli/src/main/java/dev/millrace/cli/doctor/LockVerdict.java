package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Judges queries that wait for a lock. */
final class LockVerdict {
    /** Commits wait for each other for a moment all the time. */
    static final Duration WARN_FROM = Duration.ofSeconds(5);
    /** Commands give up. */
    static final Duration FAIL_FROM = Duration.ofMinutes(1);

    /** One of the two sessions. {@code pid} is 0 for a prepared transaction, which has no session. */
    record Party(long pid, String user, String application, String query) {
        String name() {
            return pid == 0 ? "a prepared transaction" : SessionVerdict.name(pid, user, application);
        }
    }

    /**
     * A session that waits for another.
     *
     * @param lock mode and target
     * @param blockerState what the blocker does; empty where it is hidden from this user
     */
    record Wait(
            Party blocked,
            String lock,
            Duration waiting,
            Party blocker,
            String blockerState,
            Duration blockerInTransaction) {
        Status status() {
            return waiting.compareTo(FAIL_FROM) >= 0
                    ? Status.FAILED
                    : waiting.compareTo(WARN_FROM) >= 0 ? Status.WARNING : Status.OK;
        }

        Item item() {
            String blockerDoes = blockerState.isEmpty()
                    ? "what it does is hidden from this user"
                    : blockerState + ", transaction open for " + Quantity.age(blockerInTransaction) + ": "
                            + blocker.query();
            return new Item(
                    blocked.name(),
                    status(),
                    "waits for " + Quantity.age(waiting) + " for " + lock + " (" + blocked.query() + "), blocked by "
                            + blocker.name() + " (" + blockerDoes + ")",
                    Map.of(
                            "pid", blocked.pid(),
                            "blockerPid", blocker.pid(),
                            "waitingSeconds", waiting.toSeconds()));
        }
    }

    private LockVerdict() {}

    static Finding of(List<Wait> waits) {
        if (waits.isEmpty()) {
            return Finding.ok("no query waits for another");
        }
        Status worst = waits.stream().map(Wait::status).reduce(Status.OK, Status::worse);
        long queries =
                waits.stream().map(wait -> wait.blocked().pid()).distinct().count();
        List<Long> blockers =
                waits.stream().map(wait -> wait.blocker().pid()).distinct().toList();
        return Finding.of(
                        worst,
                        queries + " blocked " + (queries == 1 ? "query" : "queries"),
                        "end the program of the blocker, or, as an administrator, SELECT pg_terminate_backend("
                                + blockers.get(0) + ")")
                .withItems(waits.stream().map(Wait::item).toList());
    }
}
