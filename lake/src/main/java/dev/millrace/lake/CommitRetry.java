package dev.millrace.lake;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a transaction that lost against another one, with exponential backoff and jitter, and finds out what became of
 * one whose COMMIT had no clear answer.
 *
 * @param maxTries how often a transaction is tried in all
 * @param firstWait the wait before the second try; it doubles with each further one
 * @param longestWait where the doubling stops
 */
public record CommitRetry(int maxTries, Duration firstWait, Duration longestWait) {
    /** 100 tries from 100 ms on, at most 5 s apart. */
    public static final CommitRetry STANDARD = new CommitRetry(100, Duration.ofMillis(100), Duration.ofSeconds(5));

    private static final Logger LOG = LoggerFactory.getLogger(CommitRetry.class);
    private static final int BACKOFF_FACTOR = 2;

    /** What is no conflict and does not happen after that many more tries will not happen: a full disk, say. */
    private static final int MAX_UNCLEAR_RETRIES = 2;

    private static final double JITTER = 0.25;

    public CommitRetry {
        if (maxTries < 1) {
            throw new IllegalArgumentException("a transaction is tried at least once, not " + maxTries + " times");
        }
    }

    /** The value of a committed transaction, and how long the try took that committed it. */
    public record Outcome<T>(T value, Duration elapsed) {}

    /**
     * Runs a transaction until it has committed.
     *
     * @param doing what an error calls it: "committing batch …"
     * @param body the transaction's statements
     * @param readBack what the lake says of this very transaction: its value when it has committed
     * @throws LakeException when it lost {@link #maxTries} times; nothing of it remains
     */
    public <T> Outcome<T> run(
            LakeSession session, String doing, Transaction.Body<T> body, Supplier<Optional<T>> readBack) {
        return run(session, doing, body, readBack, retry -> {});
    }

    /** As {@link #run(LakeSession, String, Transaction.Body, Supplier)}; tells of each try that is made again. */
    <T> Outcome<T> run(
            LakeSession session,
            String doing,
            Transaction.Body<T> body,
            Supplier<Optional<T>> readBack,
            Consumer<Retry> listener) {
        RetryPolicy<Outcome<T>> policy = RetryPolicy.<Outcome<T>>builder()
                .handle(NotCommittedException.class)
                .withMaxAttempts(maxTries)
                .withBackoff(
                        firstWait,
                        longestWait.compareTo(firstWait) > 0 ? longestWait : firstWait.plusMillis(1),
                        BACKOFF_FACTOR)
                .withJitter(JITTER)
                .onRetryScheduled(event -> {
                    Retry retry = new Retry(
                            doing,
                            event.getAttemptCount(),
                            event.getDelay(),
                            event.getLastException().getMessage());
                    LOG.info(
                            "{}: try {} of {} did not commit: {}; the next one in {} ms",
                            doing,
                            retry.attempt(),
                            maxTries,
                            retry.reason(),
                            retry.pause().toMillis());
                    listener.accept(retry);
                })
                .build();
        try {
            return Failsafe.with(policy)
                    .get(context -> tryOnce(session, doing, body, readBack, context.getAttemptCount()));
        } catch (NotCommittedException e) {
            throw new LakeException(
                    doing + " gave up after " + maxTries + " tries, nothing was changed: " + e.getMessage()
                            + ". Other writers hold the catalog; try again later",
                    e);
        } catch (FailsafeException e) {
            throw new LakeException(doing + " was interrupted; nothing was changed by its last try", e);
        }
    }

    private static <T> Outcome<T> tryOnce(
            LakeSession session, String doing, Transaction.Body<T> body, Supplier<Optional<T>> readBack, int retries) {
        CommitResult<T> result;
        try {
            result = Transaction.run(session, body);
        } catch (FencedException e) {
            // Perhaps it was this very transaction, of an earlier try without an answer, that moved the token on.
            return readBack.get()
                    .filter(value -> retries > 0)
                    .map(value -> new Outcome<>(value, Duration.ZERO))
                    .orElseThrow(() -> e);
        }
        if (result instanceof CommitResult.Committed<T> committed) {
            return new Outcome<>(committed.value(), committed.elapsed());
        }
        String reason = reason(result);
        LOG.debug("{}: try {} was not answered with success: {}", doing, retries + 1, reason);
        if (!(result instanceof CommitResult.Conflict)) {
            recover(session, doing, result);
        }
        // A refusal is not trusted either: only what stands in the lake says whether it happened.
        Optional<T> happened = readBack.get();
        if (happened.isPresent()) {
            return new Outcome<>(happened.orElseThrow(), result.elapsed());
        }
        if (result instanceof CommitResult.Unknown<T> unknown
                && !unknown.cause().tellsOfLostConnection()
                && retries >= MAX_UNCLEAR_RETRIES) {
            throw new LakeException(doing + " failed, nothing was changed: " + reason, unknown.cause());
        }
        throw new NotCommittedException(reason);
    }

    private static void recover(LakeSession session, String doing, CommitResult<?> result) {
        try {
            session.recover();
        } catch (CatalogUnreachableException e) {
            throw new CatalogUnreachableException(
                    doing
                            + (result instanceof CommitResult.Unknown
                                    ? " has an unknown outcome, which the next run finds out: "
                                    : " failed, nothing was changed: ")
                            + e.getMessage(),
                    e);
        }
    }

    private static String reason(CommitResult<?> result) {
        if (result instanceof CommitResult.Conflict<?> conflict) {
            return conflict.reason();
        }
        return result instanceof CommitResult.ConnectionLost<?> lost
                ? lost.cause().reason()
                : ((CommitResult.Unknown<?>) result).cause().reason();
    }

    /** One try that left nothing behind. */
    private static final class NotCommittedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCommittedException(String reason) {
            super(reason);
        }
    }
}
