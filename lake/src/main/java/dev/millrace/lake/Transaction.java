package dev.millrace.lake;

import dev.millrace.failpoint.Failpoint;
import java.time.Duration;

/** Begins, commits and, only when an exception left it open, rolls back one transaction. */
public final class Transaction {
    /** What happens between BEGIN and COMMIT: metadata only, never a transfer of data. */
    @FunctionalInterface
    public interface Body<T> {
        T run();
    }

    private Transaction() {}

    /**
     * Runs one transaction.
     *
     * <p>An exception of the body rolls back and comes out as it is, unless it tells of a conflict or of a lost connection.
     * After a COMMIT that failed no transaction is open, so nothing is rolled back then.
     */
    public static <T> CommitResult<T> run(LakeSession session, Body<T> body) {
        long begun = System.nanoTime();
        session.begin();
        T value;
        try {
            value = body.run();
            Failpoint.BEFORE_COMMIT.pass();
        } catch (RuntimeException | Error e) {
            rollBack(session, e);
            if (e instanceof StatementException refused) {
                if (refused.tellsOfConflict()) {
                    return new CommitResult.Conflict<>(refused.reason(), since(begun));
                }
                if (refused.tellsOfLostConnection()) {
                    return new CommitResult.ConnectionLost<>(refused, since(begun));
                }
            }
            throw e;
        }
        try {
            session.commit();
            Failpoint.AFTER_COMMIT.pass();
            return new CommitResult.Committed<>(value, since(begun));
        } catch (StatementException e) {
            return e.tellsOfConflict()
                    ? new CommitResult.Conflict<>(e.reason(), since(begun))
                    : new CommitResult.Unknown<>(e, since(begun));
        }
    }

    private static void rollBack(LakeSession session, Throwable cause) {
        try {
            session.rollBack();
        } catch (StatementException e) {
            cause.addSuppressed(e);
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
