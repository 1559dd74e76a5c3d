package dev.millrace.lake;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Begins, commits and, only when an exception left it open, rolls back one transaction. */
public final class Transaction {
    static final String COMMIT = "COMMIT";
    static final String ROLLBACK = "ROLLBACK";

    /** What happens between BEGIN and COMMIT: metadata only, never a transfer of data. */
    @FunctionalInterface
    public interface Body<T> {
        T run();
    }

    /** What the engine says when the catalog refused the commit because another one was first (measured, 1.5.5). */
    private static final List<String> CONFLICTS = List.of(
            "database is locked",
            "transaction conflict",
            "conflict on",
            "has been altered",
            "could not serialize",
            "duplicate key",
            "unique constraint");

    private Transaction() {}

    /**
     * Runs one transaction.
     *
     * <p>An exception of the body rolls back and comes out as it is, unless it tells of a conflict. After a COMMIT that failed no transaction is open, so
     * nothing is rolled back then.
     */
    public static <T> CommitResult<T> run(LakeSession session, Body<T> body) {
        long begun = System.nanoTime();
        session.execute("BEGIN TRANSACTION");
        T value;
        try {
            value = body.run();
        } catch (RuntimeException | Error e) {
            rollBack(session, e);
            if (e instanceof StatementException refused && isConflict(refused)) {
                return new CommitResult.Conflict<>(refused.lastLine(), since(begun));
            }
            throw e;
        }
        try {
            session.execute(COMMIT);
            return new CommitResult.Committed<>(value, since(begun));
        } catch (StatementException e) {
            return isConflict(e)
                    ? new CommitResult.Conflict<>(e.lastLine(), since(begun))
                    : new CommitResult.Unknown<>(e, since(begun));
        }
    }

    /** Whether a refusal, inside of a transaction or at its COMMIT, means that another one was first. */
    private static boolean isConflict(StatementException e) {
        String message = e.getMessage().toLowerCase(Locale.ROOT);
        return CONFLICTS.stream().anyMatch(message::contains);
    }

    private static void rollBack(LakeSession session, Throwable cause) {
        try {
            session.execute(ROLLBACK);
        } catch (StatementException e) {
            cause.addSuppressed(e);
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
