package dev.millrace.cli.doctor;

import dev.millrace.cli.text.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges sessions of PostgreSQL by how long they have kept a transaction open. */
final class SessionVerdict {
    /** Nobody works in it: it only holds locks, and keeps vacuum from clearing away. */
    static final Duration IDLE_WARN_FROM = Duration.ofMinutes(1);
    /** No commit of the pipeline comes near it. */
    static final Duration LONG_WARN_FROM = Duration.ofMinutes(10);

    /**
     * A session of the catalog's database.
     *
     * @param state empty where it is hidden from this user
     * @param inState for how long it has been in it
     * @param inTransaction for how long its transaction has been open; nothing without one
     * @param query the first line of the current or last query
     */
    record Session(
            long pid,
            String user,
            String application,
            String state,
            Duration inState,
            Duration inTransaction,
            String query) {
        boolean isHidden() {
            return state.isEmpty();
        }

        boolean isIdleInTransaction() {
            return state.startsWith("idle in transaction");
        }

        Status status() {
            boolean idles = isIdleInTransaction() && inState.compareTo(IDLE_WARN_FROM) >= 0;
            return idles || inTransaction.compareTo(LONG_WARN_FROM) >= 0 ? Status.WARNING : Status.OK;
        }

        boolean isShown() {
            return isIdleInTransaction() || status() == Status.WARNING;
        }

        Item item() {
            return new Item(
                    name(pid, user, application),
                    status(),
                    state + " for " + Quantity.age(inState) + ", its transaction is open for "
                            + Quantity.age(inTransaction) + ": " + query,
                    Map.of("pid", pid, "inTransactionSeconds", inTransaction.toSeconds()));
        }
    }

    private SessionVerdict() {}

    /** {@code pid 42 (user, application)}. */
    static String name(long pid, String user, String application) {
        return "pid " + pid + " (" + user + (application.isBlank() ? "" : ", " + application) + ")";
    }

    static Finding of(List<Session> sessions) {
        List<Session> shown = sessions.stream().filter(Session::isShown).toList();
        Status worst = shown.stream().map(Session::status).reduce(Status.OK, Status::worse);
        List<String> parts = new ArrayList<>();
        parts.add(Quantity.of(sessions.size(), "other session"));
        parts.add(Quantity.count(
                        sessions.stream().filter(Session::isIdleInTransaction).count())
                + " idle in transaction");
        long hidden = sessions.stream().filter(Session::isHidden).count();
        if (hidden > 0) {
            parts.add(Quantity.count(hidden) + " hidden from this user");
        }
        return Finding.of(
                        worst,
                        String.join(", ", parts),
                        "end the program that holds the transaction open; else, as an administrator, SELECT"
                                + " pg_terminate_backend(pid). For good: set idle_in_transaction_session_timeout for such users")
                .withItems(shown.stream().map(Session::item).toList());
    }
}
